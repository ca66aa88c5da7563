import { type Client, clientOf, type Target } from './senders.ts';
import type { SdkRequest, Sender } from './shop/calls.ts';

/** Requests under way at once for each kind of sender: more gain nothing on two cores. */
const lanes = 4;

/** Sends requests through the SDKs; `onSent` hears of each one that the platform has accepted. @throws NotSent */
export async function sendRequests(
  requests: readonly SdkRequest[],
  target: Target,
  onSent: (calls: number) => void,
): Promise<void> {
  const bySender = Map.groupBy(requests, ({ sender }) => sender);
  await Promise.all(
    [...bySender].flatMap(([sender, own]) => {
      const queue = own.values();
      return Array.from({ length: Math.min(lanes, own.length) }, () => runLane(sender, queue, target, onSent));
    }),
  );
}

/** One SDK that sends one request after another. */
async function runLane(
  sender: Sender,
  queue: Iterable<SdkRequest>,
  target: Target,
  onSent: (calls: number) => void,
): Promise<void> {
  const client: Client = clientOf(sender, target);
  try {
    for (const { calls } of queue) {
      await client.send(calls);
      onSent(calls.length);
    }
  } finally {
    await client.close();
  }
}
