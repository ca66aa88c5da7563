import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { CdpConfig } from '../../core/config/config.ts';
import { segmentEvent } from '../../core/contract/signals.ts';
import { type Announcement, announcing, type ProfileChange } from '../../core/destinations/announcement.ts';
import { type RetryPolicy, refusedEntries, retryFailedEntries, retryPolicy } from '../streams/retry-failed-entries.ts';

/** Most entries in one PutEvents. */
const entriesPerCall = 10;

/** Logs a warning for operators; the caller passes no personal data. */
type Warn = (message: string, details: Readonly<Record<string, unknown>>) => void;

/** A bus, and how a change becomes its event. */
interface SegmentBus {
  readonly busName: string;
  readonly announced: (change: ProfileChange) => Announcement;
}

/** The bus that announces a change to the destinations that are told of it. */
export const configuredBus = (busName: string, { destinations }: CdpConfig): SegmentBus => ({
  busName,
  announced: announcing(destinations),
});

/**
 * Puts changes on the bus in order and returns how many it accepted: all before the first call that failed after its
 * retries.
 */
export const segmentBus =
  (client: EventBridgeClient, { busName, announced }: SegmentBus, warn: Warn, policy: RetryPolicy = retryPolicy) =>
  async (changes: readonly ProfileChange[]): Promise<number> => {
    for (let taken = 0; taken < changes.length; taken += entriesPerCall) {
      const entries = changes.slice(taken, taken + entriesPerCall).map((change) => toEntry(announced(change), busName));
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

const toEntry = (change: Announcement, busName: string) => ({
  EventBusName: busName,
  Source: segmentEvent.source,
  DetailType: 'trait' in change ? segmentEvent.traitDetailType : segmentEvent.detailType,
  Detail: JSON.stringify(change),
});

/** PutEvents also answers 200 if it accepted only some entries. */
async function put(client: EventBridgeClient, entries: readonly Entry[]) {
  const { Entries } = await client.send(new PutEventsCommand({ Entries: [...entries] }));
  return refusedEntries(entries, Entries);
}
