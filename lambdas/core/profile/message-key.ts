import type { Event } from '../events/event.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { fieldsOf } from '../values/json.ts';

/**
 * The mark of a message: a fingerprint of its source, its id and the identifiers it was sent with. Messages of
 * different people or sources never share a mark, and a message that is sent again keeps its mark at any time and from
 * any place. `cdp/values/message_key.py` has the same rule.
 */
export function markOf(event: Event): string {
  const { sourceId, messageId, userId = '', anonymousId = '', context } = event;
  const groupId = event.type === 'group' ? textOf(event.groupId) : '';
  const previousId = event.type === 'alias' ? textOf(event.previousId) : '';
  const own = event.type === 'identify' ? fieldsOf(event.traits) : nothing;
  const { traits: given, device, externalIds } = context ?? nothing;
  const theirs = fieldsOf(given);
  const { id, type, advertisingId, adTrackingEnabled } = fieldsOf(device);
  const stated = [
    own.email,
    own.phone,
    theirs.email,
    theirs.phone,
    id,
    type,
    advertisingId,
    adTrackingEnabled,
    externalIds,
  ];
  return fingerprint(sourceId, messageId, userId, anonymousId, groupId, previousId, ...stated.map(textOf));
}

const nothing: Record<string, unknown> = {};

/** A text unchanged, any other value as JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
