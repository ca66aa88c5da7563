import { formatInstant } from '../values/time.ts';
import type { ClientCall, Event } from './event.ts';
import { happenedAt } from './event-time.ts';

/** What the platform knows about a request on arrival. */
export interface Arrival {
  readonly sourceId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** IP address of the request; absent for servers, whose address tells nothing about a person. */
  readonly ip?: string | undefined;
  /** IP address for calls with `context.direct`, for any source. */
  readonly directIp?: string | undefined;
  readonly newId: () => string;
  /**
   * Whether an event names somebody, for sources that are not SDKs. If it is absent, a call needs `userId` or
   * `anonymousId`.
   */
  readonly isNamed?: ((event: Event) => boolean) | undefined;
}

/** Adds the platform's own fields. It overwrites or drops what a client claims in them, and drops write keys. */
export function stamp(call: ClientCall, arrival: Arrival, happened = happenedAt(call, arrival.receivedAt)): Event {
  const { writeKey: _writeKey, replayed: _replayed, ...kept } = call;
  const stamped = {
    ...kept,
    messageId: call.messageId ?? arrival.newId(),
    timestamp: formatInstant(happened.at),
    originalTimestamp: happened.given,
    receivedAt: formatInstant(arrival.receivedAt),
    sourceId: arrival.sourceId,
  };
  const ip = call.context?.direct === true ? arrival.directIp : arrival.ip;
  return (
    ip === undefined || call.context?.ip !== undefined ? stamped : { ...stamped, context: { ...call.context, ip } }
  ) as Event;
}
