import { formatInstant } from '../values/time.ts';
import type { ClientCall, Event } from './event.ts';
import { happenedAt } from './event-time.ts';

/** What the platform knows about a request when it takes it in. */
export interface Arrival {
  readonly sourceId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Address the request came from; absent when it is a server's and says nothing about a person. */
  readonly ip?: string | undefined;
  /** Address to use for a call that says `context.direct`, whatever its source. */
  readonly directIp?: string | undefined;
  readonly newId: () => string;
}

/** Adds what only the platform can say. What a client claims about these fields is overwritten or left out; write keys are not kept. */
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
