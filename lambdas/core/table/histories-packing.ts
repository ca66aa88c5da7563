import * as z from 'zod';
import type { Histories } from '../profile/histories.ts';

const Generation = z.int().nonnegative();
const Filling = z.tuple([Generation, Generation, z.union([z.literal(0), z.literal(1)])], z.string());
const Rest = z.object({ filling: Filling.optional(), mixed: z.literal(1).optional(), awaits: z.string().optional() });
type Rest = z.infer<typeof Rest>;

/** The attribute of an item with a profile's histories: three numbers in nearly all. */
export const PackedHistories = z
  .union([z.tuple([Generation, Generation, Generation]), z.tuple([Generation, Generation, Generation, Rest])])
  .transform(([born, based, counts, rest = {}]): Histories => ({ born, based, counts, ...unpackRest(rest) }));

/** Packs histories; undefined where there are none. */
export function packHistories(histories: Histories | undefined): unknown {
  if (histories === undefined) return undefined;
  const { born, based, counts, filling, mixed, awaits } = histories;
  const rest: Rest = {
    ...(filling && { filling: [filling.from, filling.of, filling.late ? 1 : 0, ...filling.ids] }),
    ...(mixed && { mixed: 1 }),
    ...(awaits !== undefined && { awaits }),
  };
  return [born, based, counts, ...(Object.keys(rest).length > 0 ? [rest] : [])];
}

function unpackRest({ filling, mixed, awaits }: Rest): Partial<Histories> {
  const [from = 0, of = 0, late, ...ids] = filling ?? [];
  return {
    ...(filling && { filling: { from, of, ids: new Set(ids), late: late === 1 } }),
    ...(mixed && { mixed: true }),
    ...(awaits !== undefined && { awaits }),
  };
}
