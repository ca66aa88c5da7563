import type { Histories } from '../profile/histories.ts';
import { isObject } from '../values/json.ts';
import { isInt, isText, type Row, UnreadableItem } from './item-fields.ts';

type Filling = [from: number, of: number, late: 0 | 1, ...ids: string[]];
interface Rest {
  readonly filling?: Filling;
  /** The run that brought what the filling has. */
  readonly run?: string;
  readonly mixed?: 1;
  readonly awaits?: string;
}
type Packed = [born: number, based: number, counts: number, rest?: Rest];

const isGeneration = (value: unknown): value is number => isInt(value) && value >= 0;
const isFilling = (value: unknown): value is Filling =>
  Array.isArray(value) &&
  value.slice(0, 2).every(isGeneration) &&
  (value[2] === 0 || value[2] === 1) &&
  value.slice(3).every(isText);
const isRest = (value: unknown): value is Rest =>
  isObject(value) &&
  (value.filling === undefined || isFilling(value.filling)) &&
  (value.run === undefined || isText(value.run)) &&
  (value.mixed === undefined || value.mixed === 1) &&
  (value.awaits === undefined || isText(value.awaits));
const isPacked = (value: unknown): value is Packed =>
  Array.isArray(value) &&
  (value.length === 3 || (value.length === 4 && isRest(value[3]))) &&
  value.slice(0, 3).every(isGeneration);

/**
 * A profile's histories in its item, three numbers in nearly all; undefined if there are none.
 * @throws UnreadableItem
 */
export function historiesIn({ histories }: Row): Histories | undefined {
  if (histories === undefined) return undefined;
  if (!isPacked(histories)) throw new UnreadableItem('histories', 'generations that this code packed');
  const [born, based, counts, rest = {}] = histories;
  return { born, based, counts, ...unpackRest(rest) };
}

/** Packs histories; undefined where there are none. */
export function packHistories(histories: Histories | undefined): unknown {
  if (histories === undefined) return undefined;
  const { born, based, counts, filling, mixed, awaits } = histories;
  const rest: Rest = {
    ...(filling && { filling: [filling.from, filling.of, filling.late ? 1 : 0, ...filling.ids] }),
    ...(filling?.run !== undefined && { run: filling.run }),
    ...(mixed && { mixed: 1 }),
    ...(awaits !== undefined && { awaits }),
  };
  return [born, based, counts, ...(Object.keys(rest).length > 0 ? [rest] : [])];
}

function unpackRest({ filling, run, mixed, awaits }: Rest): Partial<Histories> {
  const [from = 0, of = 0, late, ...ids] = filling ?? [];
  return {
    ...(filling && { filling: { from, of, ids: new Set(ids), late: late === 1, ...(run !== undefined && { run }) } }),
    ...(mixed && { mixed: true }),
    ...(awaits !== undefined && { awaits }),
  };
}
