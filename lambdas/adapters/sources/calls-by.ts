import { createHash } from 'node:crypto';
import type { transform } from '@segment/actions-core/mapping-kit';
import type { Entry, PresetMapping } from '../../core/sources/vendors/entry.ts';
import { isObject, isSentNumber, type SentNumber } from '../../core/values/json.ts';

/** Makes the calls of one event of a vendor, or of a row. @throws when a mapping cannot be used on it */
export type CallsOf = (entry: Entry, mappings: readonly PresetMapping[]) => Record<string, unknown>[];

/**
 * Makes what makes the calls of one event, one for each mapping, by the mapping kit: each with an id of its own that is
 * the same for every delivery.
 */
export const callsBy =
  (map: typeof transform): CallsOf =>
  (entry, mappings) => {
    const { type, id, time, body, more } = entry;
    const data = opaque({ type, id, time, body, ...more }) as Given[1];
    return mappings.map(({ to }, n) => {
      const call = plain(map(to as Given[0], data)) as Record<string, unknown>;
      return withIds({ messageId: messageIdOf(entry, n), ...(time !== undefined && { timestamp: time }), ...call });
    });
  };

/** What the mapping kit takes: a mapping, and the data that it reads. */
type Given = Parameters<typeof transform>;

/** A vendor's own id stays readable. Without one, the id is made of what the vendor signed. */
function messageIdOf({ id, type, body }: Entry, n: number): string {
  const own =
    id ??
    createHash('sha256')
      .update(JSON.stringify([type, body]))
      .digest('base64url');
  const short = own.length <= 90 ? own : createHash('sha256').update(own).digest('base64url');
  return n === 0 ? short : `${short}.${n + 1}`;
}

/** Leaves out external ids without an id: the vendor told none. */
function withIds(call: Record<string, unknown>): Record<string, unknown> {
  if (!isObject(call.context) || !Array.isArray(call.context.externalIds)) return call;
  const { externalIds, ...context } = call.context;
  const complete = (externalIds as unknown[]).filter((one) => isObject(one) && one.id !== undefined && one.id !== null);
  return { ...call, context: { ...context, ...(complete.length > 0 && { externalIds: complete }) } };
}

/** A number whose digits a double would lose, in a form that the mapping kit hands through. */
class Digits {
  readonly number: SentNumber;
  constructor(number: SentNumber) {
    this.number = number;
  }
  get [Symbol.toStringTag](): string {
    return 'Digits';
  }
  toString(): string {
    return this.number.rawJSON;
  }
}

const opaque = (value: unknown): unknown =>
  eachPart(value, (part) => (isSentNumber(part) ? new Digits(part) : undefined));
const plain = (value: unknown): unknown =>
  eachPart(value, (part) => (part instanceof Digits ? part.number : undefined));

/** Replaces parts of a value, at any depth that JSON may have. */
function eachPart(value: unknown, replace: (part: unknown) => unknown): unknown {
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((part) => eachPart(part, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, eachPart(part, replace)]));
}
