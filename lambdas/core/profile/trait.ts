import type { Event } from '../events/event.ts';
import { utf8Bytes } from '../events/stream-record.ts';
import { fieldsOf } from '../values/json.ts';
import { compareTexts } from '../values/text.ts';

/** When something was stated, by which message and which source. */
export interface Statement {
  readonly timestamp: string;
  readonly messageId: string;
  readonly sourceId: string;
}

/** A person's trait and its statement; `null` is a removed trait, remembered so that an older value cannot return. */
export interface Trait extends Statement {
  readonly value: unknown;
  /** Bytes of JSON of a value that was dropped; `value` is then null. */
  readonly bytes?: number | undefined;
  /**
   * Earlier statements that took more room than all later ones, newest first; their room still counts
   * (`trait-bound.ts`).
   */
  readonly larger?: readonly Larger[] | undefined;
  /** What other sources said last, where survivorship trusts some more than others (`surviving-trait.ts`). */
  readonly others?: readonly Trait[] | undefined;
}

/** A statement reduced to its size. */
export interface Larger extends Statement {
  readonly bytes: number;
}

/** Largest value of a trait in bytes of JSON. */
export const longestValue = 8 * 1024;
/** Minimum room of a statement. Room grows in powers of two, so a value that changes a little takes the same room. */
const leastRoom = 128;
/** Bytes of a statement in addition to its value and message id. */
const besides = 40;

/**
 * Traits of the person in an event: those of an identify call, over those in its context, where RudderStack's SDKs put
 * them.
 */
export const traitsOfPerson = (event: Event): Record<string, unknown> =>
  event.type === 'identify' ? { ...fieldsOf(event.context?.traits), ...event.traits } : {};

/** Traits of the account in an event: those of a group call. */
export const traitsOfAccount = (event: Event): Record<string, unknown> =>
  event.type === 'group' ? { ...event.traits } : {};

/** A statement as a profile keeps it; of a value that is too long only the size. */
export function traitOf(value: unknown, { timestamp, messageId, sourceId }: Statement): Trait {
  if (atMost(value) <= longestValue) return { value, timestamp, messageId, sourceId };
  const bytes = jsonBytes(value);
  return bytes > longestValue
    ? { value: null, timestamp, messageId, sourceId, bytes }
    : { value, timestamp, messageId, sourceId };
}

/** A trait with the size of its value instead of the value; of several statements in one message, the largest size. */
export function withoutValue(trait: Trait): Trait {
  const { value, timestamp, messageId, larger = [] } = trait;
  const statement = largest([
    { ...trait, bytes: trait.bytes ?? jsonBytes(value) },
    ...larger.filter((one) => compareStatements(one, trait) === 0),
  ]);
  return { value: null, timestamp, messageId, sourceId: statement.sourceId, bytes: statement.bytes };
}

/**
 * Joins statements: the greatest (timestamp, messageId) wins. For a resent message with another value the value
 * decides, or the longer one if either was dropped, so order never matters.
 */
export function joinTrait(a: Trait | undefined, b: Trait): Trait {
  if (a === undefined) return b;
  const order = compareStatements(a, b);
  if (order === 0) return withLarger(joinTied(a, b), [a, b]);
  const winner = order > 0 ? a : b;
  const loser = order > 0 ? b : a;
  if (a.larger === undefined && b.larger === undefined && roomOf(loser) <= roomOf(winner)) return winner;
  return withLarger(winner, [a, b]);
}

function withLarger(winner: Trait, joined: readonly Trait[]): Trait {
  const larger = largerThan(winner, joined);
  if (larger.length > 0) return { ...winner, larger };
  if (winner.larger === undefined) return winner;
  const { larger: _, ...trait } = winner;
  return trait;
}

function joinTied(a: Trait, b: Trait): Trait {
  if (a.bytes === undefined && b.bytes === undefined)
    return compareTexts(JSON.stringify(b.value), JSON.stringify(a.value)) > 0 ? b : a;
  const one = withoutValue(a);
  const other = withoutValue(b);
  return { ...one, sourceId: greater(one.sourceId, other.sourceId), bytes: Math.max(one.bytes ?? 0, other.bytes ?? 0) };
}

/** Statements that still count in addition to the winning one. */
function largerThan(winner: Trait, traits: readonly Trait[]): Larger[] {
  const all = traits
    .flatMap((trait) => [{ ...trait, bytes: countedBytes(trait) }, ...(trait.larger ?? [])])
    .sort((a, b) => compareStatements(b, a));
  let room = roomOf(winner);
  return [...Map.groupBy(all, placeOf).values()].map(largest).filter((one) => {
    const counts =
      roomOf(one) > room ||
      (compareStatements(one, winner) === 0 && (one.bytes > countedBytes(winner) || one.sourceId > winner.sourceId));
    room = Math.max(room, roomOf(one));
    return counts;
  });
}

/** The largest of several statements at the same place. */
const largest = (statements: readonly Larger[]): Larger => {
  const { timestamp, messageId } = statements[0] as Larger;
  return {
    timestamp,
    messageId,
    sourceId: statements.map(({ sourceId }) => sourceId).reduce(greater),
    bytes: Math.max(...statements.map(({ bytes }) => bytes)),
  };
};
const placeOf = ({ timestamp, messageId }: Statement): string => JSON.stringify([timestamp, messageId]);
const greater = (a: string, b: string): string => (a > b ? a : b);

/** Orders statements by time. */
export function compareStatements(
  a: Pick<Statement, 'timestamp' | 'messageId'>,
  b: Pick<Statement, 'timestamp' | 'messageId'>,
): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return compareTexts(a.messageId, b.messageId);
}

/** Room that a statement takes, whoever dropped its value; a value that was too long from the start takes none. */
export function roomOf(trait: Pick<Trait, 'messageId' | 'bytes'> & { readonly value?: unknown }): number {
  const bytes = besides + textBytes(trait.messageId) + countedBytes(trait);
  return bytes <= leastRoom ? leastRoom : 2 ** Math.ceil(Math.log2(bytes));
}

function countedBytes({ bytes, value }: { readonly bytes?: number | undefined; readonly value?: unknown }): number {
  if (bytes === undefined) return jsonBytes(value);
  return bytes > longestValue ? 0 : bytes;
}

/**
 * An upper estimate of the bytes of a value's JSON, without serializing it. A character takes at most six. A number
 * takes at most 25: a sign, `0.00000` and 17 digits, since JavaScript writes what is smaller with an exponent.
 */
export function atMost(value: unknown): number {
  if (typeof value === 'string') return 2 + value.length * 6;
  if (typeof value !== 'object' || value === null) return 25;
  let sum = 2;
  for (const name in value) sum += 4 + name.length * 6 + atMost((value as Record<string, unknown>)[name]);
  return sum;
}

/** Bytes of a value's JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  if (typeof value === 'string') return textBytes(value);
  return typeof value === 'object' && value !== null ? utf8Bytes(JSON.stringify(value)) : String(value).length;
}

/** Bytes of a text's JSON; most texts are short and plain, and need no serialization. */
function textBytes(text: string): number {
  for (let n = 0; n < text.length; n++) {
    const unit = text.charCodeAt(n);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return utf8Bytes(JSON.stringify(text));
  }
  return text.length + 2;
}
