import type { ClientCall, Event } from './event.ts';
import { formatInstant, parseInstant } from './instant.ts';

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
export function stamp(call: ClientCall, arrival: Arrival): Event {
  const { writeKey: _writeKey, replayed: _replayed, ...kept } = call;
  const given = call.timestamp ?? call.originalTimestamp;
  const stamped = {
    ...kept,
    messageId: call.messageId ?? arrival.newId(),
    timestamp: formatInstant(correctTime(given, call.sentAt, arrival.receivedAt)),
    originalTimestamp: given,
    receivedAt: formatInstant(arrival.receivedAt),
    sourceId: arrival.sourceId,
  };
  const ip = call.context?.direct === true ? arrival.directIp : arrival.ip;
  return (ip === undefined || call.context?.ip !== undefined ? stamped : { ...stamped, context: { ...call.context, ip } }) as Event;
}

const day = 86_400_000;

/**
 * When it happened, by the platform's clock: the client's clock is off by as much as `sentAt` is from arrival.
 * A correction into the future or before 1970 shows that `sentAt` itself is wrong, and the time stays as given.
 */
export function correctTime(given: string | undefined, sentAt: string | undefined, receivedAt: number): number {
  const happened = given === undefined ? undefined : parseInstant(given);
  if (happened === undefined) return receivedAt;
  const sent = sentAt === undefined ? undefined : parseInstant(sentAt);
  if (sent === undefined) return happened;
  const corrected = receivedAt - (sent - happened);
  return corrected < 0 || corrected > receivedAt + day ? happened : corrected;
}
