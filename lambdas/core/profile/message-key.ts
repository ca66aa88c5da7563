import type { Event } from '../events/event.ts';
import { fieldsOf } from '../values/json.ts';
import { fingerprint } from './message-marks.ts';

/**
 * The mark of a message: of its source, its id and whom it names as it was sent. So messages of different people or sources are never taken for one,
 * whatever ids their senders give them, and one that is sent again, at whatever time and from wherever, is. `cdp/values/message_key.py` says the same of the lake.
 */
export function markOf(event: Event): string {
  const { sourceId, messageId, userId = '', anonymousId = '', context } = event;
  const groupId = event.type === 'group' ? textOf(event.groupId) : '';
  const previousId = event.type === 'alias' ? textOf(event.previousId) : '';
  const own = event.type === 'identify' ? fieldsOf(event.traits) : nothing;
  const { traits: given, device, externalIds } = context ?? nothing;
  const [theirs, { id, type, advertisingId, adTrackingEnabled }] = [fieldsOf(given), fieldsOf(device)];
  const said = [
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
  return fingerprint(sourceId, messageId, userId, anonymousId, groupId, previousId, ...said.map(textOf));
}

const nothing: Record<string, unknown> = {};

/** A text as it is, anything else as JSON. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
