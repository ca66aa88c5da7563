import { platformSource } from '../contract/signals.ts';
import type { Line } from '../events/stream-record.ts';
import { type Identifier, textOf } from '../identifiers/identifier.ts';
import { ascending } from '../values/order.ts';

/** The name of the event by which a source releases an identifier that it gave. */
export const releaseEvent = 'Identifier Released';

/** Who releases an identifier, when, and when the platform heard it; times in ISO 8601. */
interface Releasing {
  readonly messageId: string;
  readonly sourceId: string;
  readonly time: string;
  readonly receivedAt: string;
}

/** When an identifier is released: at the time of the deletion, but not after it came in. */
export const releaseTime = (time: string, receivedAt: string): string =>
  ascending(time, receivedAt) < 0 ? time : receivedAt;

/**
 * The platform's own event by which an identifier names somebody else from a time on. It goes to the shard of those
 * that the identifier alone names.
 */
export function releaseLine(release: Identifier, { messageId, sourceId, time, receivedAt }: Releasing): Line {
  const timestamp = releaseTime(time, receivedAt);
  const event = {
    type: 'track',
    event: releaseEvent,
    messageId,
    anonymousId: 'platform',
    timestamp,
    originalTimestamp: timestamp,
    receivedAt,
    sourceId: platformSource,
    properties: { release, source: sourceId },
  };
  return { json: JSON.stringify(event), person: textOf(release) };
}
