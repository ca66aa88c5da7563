import { type SignalsOf, withSignals } from '../consent/signals.ts';
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
  /** Reads the strings of TCF and GPP; absent where no purpose is mapped to them. */
  readonly signalsOf?: SignalsOf | undefined;
  /** Whether nothing may be kept that names the address or the agent of a device. */
  readonly clientAnonymous?: boolean | undefined;
  /**
   * Whether an event names somebody, for sources that are not SDKs. If it is absent, a call needs `userId` or
   * `anonymousId`.
   */
  readonly isNamed?: ((event: Event) => boolean) | undefined;
  /** Whether an event is about somebody who is kept out. */
  readonly isStopped?: ((event: Event) => boolean) | undefined;
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
  const consent = consentOf(context?.consent, arrival);
  if (address === undefined && consent === context?.consent) return context;
  return { ...context, ...address, ...(consent !== undefined && { consent }) };
}

function consentOf(sent: unknown, { gpc, signalsOf }: Arrival): unknown {
  const consent = signalsOf === undefined || sent === undefined ? sent : withSignals(sent, signalsOf);
  return gpc ? { ...fieldsOf(consent), gpc: true } : consent;
}
