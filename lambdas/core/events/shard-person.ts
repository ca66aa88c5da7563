import { fieldsOf, isNumber } from '../values/json.ts';
import type { Event } from './event.ts';

/**
 * The text that selects an event's shard, so that events about one person keep their order: the first identifier in a
 * usual place, as it was sent. An event with none has its own message id, so that such events do not crowd one shard.
 */
export function shardPerson(event: Event): string {
  const { anonymousId, userId, context } = event;
  const listed = context?.externalIds;
  const external = (Array.isArray(listed) ? listed : []).map((one) => fieldsOf(one).id);
  const stated = [fieldsOf(context?.traits), event.type === 'identify' ? fieldsOf(event.traits) : {}];
  const contacts = stated.flatMap(({ email, phone }) => [email, phone]);
  const first = [...external, ...contacts].find(
    (value) => (typeof value === 'string' && value !== '') || isNumber(value),
  );
  return anonymousId ?? userId ?? (first === undefined ? event.messageId : String(first));
}
