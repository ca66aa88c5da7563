import { type Client, clientOf, type Target } from './senders.ts';
import type { SdkRequest, Sender } from './shop/calls.ts';

/** Concurrent requests of each kind of sender. More requests are not faster on two cores. */
const lanes = 4;

/** Sends requests through the SDKs; `onSent` receives the number of calls of each accepted request. @throws NotSent */
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

/** Sends requests through one SDK, one after the other. */
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
