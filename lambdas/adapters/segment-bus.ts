import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { segmentEvent } from '../core/contract.ts';
import type { MembershipChange } from '../core/delivery.ts';
import { type RetryPolicy, refusedEntries, retryFailedEntries, retryPolicy } from './retry-failed-entries.ts';

/** Most entries in one PutEvents. */
const entriesPerCall = 10;

/** Says that something needs an operator; never given anything about a person. */
type Warn = (message: string, details: Readonly<Record<string, unknown>>) => void;

/** Puts changes on the bus in order and says how many it took: all before the first call that still failed after bounded attempts. */
export const segmentBus =
  (client: EventBridgeClient, busName: string, warn: Warn, policy: RetryPolicy = retryPolicy) =>
  async (changes: readonly MembershipChange[]): Promise<number> => {
    for (let taken = 0; taken < changes.length; taken += entriesPerCall) {
      const entries = changes.slice(taken, taken + entriesPerCall).map((change) => toEntry(change, busName));
      const outcome = await retryFailedEntries(entries, (open) => put(client, open), policy);
      if (outcome.ok) continue;
      warn('changes were not announced; the stream brings them back', {
        reason: outcome.reason,
        error: outcome.error,
        waiting: changes.length - taken,
      });
      return taken;
    }
    return changes.length;
  };

type Entry = ReturnType<typeof toEntry>;

const toEntry = (change: MembershipChange, busName: string) => ({
  EventBusName: busName,
  Source: segmentEvent.source,
  DetailType: segmentEvent.detailType,
  Detail: JSON.stringify(change),
});

/** PutEvents answers 200 also when it took only some of them. */
async function put(client: EventBridgeClient, entries: readonly Entry[]) {
  const { Entries } = await client.send(new PutEventsCommand({ Entries: [...entries] }));
  return refusedEntries(entries, Entries);
}
