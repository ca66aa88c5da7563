import { fieldsOf } from '../values/json.ts';
import { formatInstant } from '../values/time.ts';
import type { ClientCall, Event } from './event.ts';
import { happenedAt } from './event-time.ts';
import { withoutClient } from './without-client.ts';

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
  /** Whether the browser asks that the person is not sold: Global Privacy Control. */
  readonly gpc?: boolean | undefined;
  /** Whether nothing may be kept that names the address or the agent of a device. */
  readonly clientAnonymous?: boolean | undefined;
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
  const context = contextOf(call, arrival);
  const event = context === call.context ? stamped : { ...stamped, context };
  return (arrival.clientAnonymous ? withoutClient(event) : event) as Event;
}

/** The context with the address of the device, and with what its browser asks. */
function contextOf({ context }: ClientCall, arrival: Arrival): object | undefined {
  const ip = context?.direct === true ? arrival.directIp : arrival.ip;
  const address = ip === undefined || context?.ip !== undefined ? undefined : { ip };
  const consent = arrival.gpc ? { consent: { ...fieldsOf(context?.consent), gpc: true } } : undefined;
  return address === undefined && consent === undefined ? context : { ...context, ...address, ...consent };
}
