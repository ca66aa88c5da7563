import { isNumber, numberText } from '../values/json.ts';
import { ownValue } from '../values/own-value.ts';
import { isBlank } from '../values/text.ts';
import { formatInstant, parseInstant } from '../values/time.ts';
import { readTime } from '../values/time-forms.ts';

type PlainForm = (value: unknown) => unknown;

/** Clients send numbers as ids, and null or a blank text for none; the space around an id is nobody's. */
const id: PlainForm = (value) => (typeof value === 'string' ? value.trim() || undefined : messageId(value));

/** The same of a message's id, which stays as it was sent. */
const messageId: PlainForm = (value) => {
  if (value === null || isBlank(value)) return undefined;
  return isNumber(value) ? numberText(value) : value;
};

/** PHP clients write an empty object as []. */
const fields: PlainForm = (value) =>
  value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;

const time: PlainForm = (value) => (value === null || value === '' ? undefined : value);

/** Says whether a value is a time that can be read. */
export const isTime = (value: unknown): boolean => typeof value === 'string' && parseInstant(value) !== undefined;

/** `sentAt` only corrects a clock, so one that cannot be read is as good as none; another form than ISO 8601 becomes that one, which the lake reads. */
export const sentAt: PlainForm = (value) => {
  if (isTime(value)) return value;
  const instant = readTime(value);
  return instant === undefined ? undefined : formatInstant(instant);
};

type PlainForms = Readonly<Record<string, PlainForm>>;
/** Some clients begin a type with a capital letter, shout it, or leave space around it. */
const type: PlainForm = (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value);

const ofAll: PlainForms = {
  type,
  ...{ messageId, userId: id, anonymousId: id },
  ...{ timestamp: time, originalTimestamp: time, sentAt },
  ...{ context: fields, integrations: fields },
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

/** Says plainly what clients say in several ways. Nearly always there is nothing to do, and then the call itself is given back. */
export function inPlainForms(call: unknown): unknown {
  const given = call as Readonly<Record<string, unknown>>;
  let plain = given;
  for (const [field, form] of ofType.get(given?.type) ?? ofType.get(type(given?.type)) ?? []) {
    const value = ownValue(given, field);
    if (value === undefined) continue;
    const said = form(value);
    if (said !== value) plain = { ...plain, [field]: said };
  }
  return plain;
}
