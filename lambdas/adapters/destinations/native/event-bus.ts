import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { Call, Destination } from '../../../core/destinations/destination.ts';
import { fieldsOf } from '../../../core/values/json.ts';
import { ownValue } from '../../../core/values/own-value.ts';
import { entryId, outcomesOf, tenAtOnce } from './entries.ts';

/** Source of the platform's events on a bus of yours. */
const source = 'customer-data-platform';
/** EventBridge says these of an event that no retry helps. */
const ownFaults = /^(InvalidArgument|MalformedDetail|LimitExceeded\w*Size)/;

/** Puts each call on a bus of EventBridge, also of another account, ten in a request. */
export const eventBus = (client: EventBridgeClient, bus: string): Destination => ({
  batches: tenAtOnce,
  deliver: async (items) => {
    const Entries = items.map(({ call }) => ({
      EventBusName: bus,
      Source: source,
      DetailType: nameOf(call),
      Detail: JSON.stringify(call),
      Time: new Date(call.timestamp),
    }));
    const { Entries: answers = [] } = await client.send(new PutEventsCommand({ Entries }));
    return outcomesOf(
      items,
      items.flatMap((_, n) => {
        const { EventId, ErrorCode } = answers[n] ?? {};
        return EventId === undefined
          ? [{ id: entryId(n), code: ErrorCode, isOwnFault: ownFaults.test(ErrorCode ?? '') }]
          : [];
      }),
    );
  },
});

/** The name of a track call, or else the type; a detail type has at most 128 characters. */
function nameOf(call: Call): string {
  const event = ownValue(fieldsOf(call), 'event');
  return (typeof event === 'string' ? event : call.type).slice(0, 128);
}
