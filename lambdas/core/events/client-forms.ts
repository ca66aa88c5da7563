import { isNumber, numberText } from '../values/json.ts';
import { ownValue } from '../values/own-value.ts';
import { isBlank } from '../values/text.ts';
import { formatInstant, parseInstant } from '../values/time.ts';
import { readTime } from '../values/time-forms.ts';

type PlainForm = (value: unknown) => unknown;

/** Clients send ids as numbers, and null or a blank text for a missing id; surrounding space is dropped. */
const id: PlainForm = (value) => (typeof value === 'string' ? value.trim() || undefined : messageId(value));

/** A message id stays as it was sent; null and blank texts are dropped. */
const messageId: PlainForm = (value) => {
  if (value === null || isBlank(value)) return undefined;
  return isNumber(value) ? numberText(value) : value;
};

/** PHP clients send an empty object as []. */
const fields: PlainForm = (value) =>
  value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;

const time: PlainForm = (value) => (value === null || value === '' ? undefined : value);

/** Whether a value is a readable time. */
export const isTime = (value: unknown): boolean => typeof value === 'string' && parseInstant(value) !== undefined;

/**
 * `sentAt` only corrects a client's clock, so an unreadable one is dropped. Any other form becomes ISO 8601, which the
 * lake reads.
 */
export const sentAt: PlainForm = (value) => {
  if (isTime(value)) return value;
  const instant = readTime(value);
  return instant === undefined ? undefined : formatInstant(instant);
};

type PlainForms = Readonly<Record<string, PlainForm>>;
/** Some clients write a type in capitals or with surrounding space. */
const type: PlainForm = (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value);

const ofAll: PlainForms = {
  type,
  messageId,
  userId: id,
  anonymousId: id,
  timestamp: time,
  originalTimestamp: time,
  sentAt,
  context: fields,
  integrations: fields,
};
const withProperties = Object.entries({ ...ofAll, properties: fields });
const ofType = new Map<unknown, readonly (readonly [field: string, PlainForm])[]>([
  ['track', withProperties],
  ['page', withProperties],
  ['screen', withProperties],
  ['identify', Object.entries({ ...ofAll, traits: fields })],
  ['group', Object.entries({ ...ofAll, groupId: id, traits: fields })],
  ['alias', Object.entries({ ...ofAll, previousId: id })],
]);

/**
 * Normalizes forms that clients write differently. It returns the same object when nothing changes, which is nearly
 * always.
 */
export function inPlainForms(call: unknown): unknown {
  const given = call as Readonly<Record<string, unknown>>;
  let plain = given;
  for (const [field, form] of ofType.get(given?.type) ?? ofType.get(type(given?.type)) ?? []) {
    const value = ownValue(given, field);
    if (value === undefined) continue;
    const plainValue = form(value);
    if (plainValue !== value) plain = { ...plain, [field]: plainValue };
  }
  return plain;
}
