import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { segmentEvent } from '../core/contract.ts';
import type { MembershipChange } from '../core/delivery.ts';
import { maxAttempts, type Pause } from './pause.ts';

/** Most entries in one PutEvents. */
const entriesPerCall = 10;

/** Puts changes on the bus and gives back the positions of those it did not take after bounded attempts; PutEvents answers 200 for both. */
export const segmentBus =
  (client: EventBridgeClient, busName: string, pause: Pause) =>
  async (changes: readonly MembershipChange[]): Promise<number[]> => {
    const refused: number[] = [];
    for (let start = 0; start < changes.length; start += entriesPerCall) {
      const positions = changes.slice(start, start + entriesPerCall).map((_, i) => start + i);
      refused.push(...(await put(positions)));
    }
    return refused;

    async function put(positions: readonly number[]): Promise<readonly number[]> {
      let open = positions;
      for (let attempt = 1; open.length > 0 && attempt <= maxAttempts; attempt++) {
        if (attempt > 1) await pause(attempt - 1);
        const { Entries = [] } = await client.send(
          new PutEventsCommand({ Entries: open.map((i) => toEntry(changes[i] as MembershipChange, busName)) }),
        );
        open = open.filter((_, i) => Entries[i]?.EventId === undefined);
      }
      return open;
    }
  };

const toEntry = (change: MembershipChange, busName: string) => ({
  EventBusName: busName,
  Source: segmentEvent.source,
  DetailType: segmentEvent.detailType,
  Detail: JSON.stringify(change),
});
