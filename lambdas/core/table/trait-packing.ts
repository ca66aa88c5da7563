import type { Larger, Statement, Trait } from '../profile/trait.ts';
import { isInt, isText } from './item-fields.ts';
import { isEntryOf, isEntryWith, isValue } from './packed-list.ts';

/**
 * Rest of a trait's entry: the bytes of a dropped value, pairs of bytes and statement for each larger statement, and a
 * list of what other sources said, in entries without the name.
 */
type TraitRest = number | [bytes: number, statement: number] | readonly OtherEntry[];
type OtherEntry = readonly [value: unknown, statement: number, ...rest: TraitRest[]];

const isLarger = isEntryOf(isInt, isInt);
const isOther = (part: unknown): part is OtherEntry => isEntryWith([isValue, isInt], isTraitRest)(part);
const isTraitRest = (part: unknown): part is TraitRest =>
  Number.isSafeInteger(part) || isLarger(part) || (Array.isArray(part) && part.every(isOther));
const isOthers = (part: TraitRest): part is readonly OtherEntry[] => typeof part !== 'number' && !isLarger(part);

/** The entry of a trait: its name, its value, its statement, and the rest. */
export const isTraitEntry = isEntryWith([isText, isValue, isInt], isTraitRest);

type IndexOf = (statement: Statement) => number;
type StatementAt = (index: number) => Statement;

/** What follows the name in a trait's entry. */
export function packTrait(trait: Trait, indexOf: IndexOf): OtherEntry {
  const { value, bytes, larger = [], others } = trait;
  const index = indexOf(trait);
  if (bytes === undefined && trait.larger === undefined && others === undefined) return [value, index];
  return [
    value,
    index,
    ...(bytes === undefined ? [] : [bytes]),
    ...larger.map((one): [number, number] => [one.bytes, indexOf(one)]),
    ...(others === undefined ? [] : [others.map((one) => packTrait(one, indexOf))]),
  ];
}

/** Unpacks what follows the name. */
export function unpackTrait([value, index, ...rest]: OtherEntry, statementAt: StatementAt): Trait {
  if (rest.length === 0) {
    const { messageId, timestamp, sourceId } = statementAt(index);
    return { value, messageId, timestamp, sourceId };
  }
  const [bytes] = rest.filter((one) => typeof one === 'number');
  const larger = rest.filter(isLarger).map(([size, at]): Larger => ({ bytes: size, ...statementAt(at) }));
  const [others] = rest.filter(isOthers);
  return {
    value,
    ...statementAt(index),
    ...(bytes !== undefined && { bytes }),
    ...(larger.length > 0 && { larger }),
    ...(others && { others: others.map((one) => unpackTrait(one, statementAt)) }),
  };
}
