import { fieldsOf, isNumber, numberText } from '../values/json.ts';
import type { Event } from './event.ts';

/**
 * The text that selects an event's shard, so that events about one person keep their order: the first identifier in a
 * usual place, as it was sent, or the account of a call that names no person. An event with none has its own message
 * id, so that such events do not crowd one shard.
 */
export const shardPerson = (event: Event): string =>
  event.anonymousId ?? event.userId ?? firstStated(event) ?? account(event) ?? event.messageId;

const account = (event: Event): string | undefined =>
  event.type === 'group' && event.groupId ? textOf(event.groupId) : undefined;

/** Of events without an id of an SDK: the first external id, e-mail address or phone number. */
function firstStated(event: Event): string | undefined {
  const { context } = event;
  const listed = context?.externalIds;
  const external = (Array.isArray(listed) ? listed : []).map((one) => fieldsOf(one).id);
  const stated = [fieldsOf(context?.traits), event.type === 'identify' ? fieldsOf(event.traits) : {}];
  const contacts = stated.flatMap(({ email, phone }) => [email, phone]);
  const first = [...external, ...contacts].find(
    (value) => isNumber(value) || (typeof value === 'string' && value !== ''),
  );
  return first === undefined ? undefined : textOf(first);
}

const textOf = (value: unknown): string => (isNumber(value) ? numberText(value) : String(value));
