import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { utf8Bytes } from '../../core/events/stream-record.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import { type PutOutcome, type RetryPolicy, retryFailedEntries, retryPolicy } from '../streams/retry-failed-entries.ts';
import type { OfDestinations } from './of-destinations.ts';

/** Puts parcels on a destination's queue; after `ok` they are safe. */
export type PutParcels = (destination: string, parcels: readonly string[]) => Promise<PutOutcome>;

/** What one call takes: entries, and bytes of all of them. */
const call = { entries: 10, bytes: 256 * 1024 } as const;

/** Writes to the queues of destinations. */
export const destinationQueues =
  (client: SQSClient, urls: OfDestinations, policy: RetryPolicy = retryPolicy): PutParcels =>
  async (destination, parcels) => {
    if (parcels.length === 0) return { ok: true };
    const found = await urls.of(destination).then(
      (url) => ({ url }),
      (error: unknown) => ({ error: errorNameOf(error) }),
    );
    if (!('url' in found)) return { ok: false, reason: 'failed', error: `QueueUnknown: ${found.error}` };
    const { url: QueueUrl } = found;
    if (QueueUrl === undefined) return { ok: false, reason: 'failed', error: 'NoQueue' };
    for (const some of callsOf(parcels)) {
      const outcome = await retryFailedEntries(some, (open) => send(client, QueueUrl, open), policy);
      if (outcome.ok) continue;
      urls.forget();
      return outcome;
    }
    return { ok: true };
  };

/** Groups parcels in order into calls. */
function callsOf(parcels: readonly string[]): string[][] {
  const calls: string[][] = [];
  let room = 0;
  for (const parcel of parcels) {
    const size = utf8Bytes(parcel);
    if (size > room || calls.at(-1)?.length === call.entries) {
      calls.push([]);
      room = call.bytes;
    }
    calls.at(-1)?.push(parcel);
    room -= size;
  }
  return calls;
}

/** SendMessageBatch also answers 200 if it took only some entries. */
async function send(client: SQSClient, QueueUrl: string, parcels: readonly string[]) {
  const Entries = parcels.map((MessageBody, n) => ({ Id: String(n), MessageBody }));
  const { Successful = [], Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const taken = new Set(Successful.map(({ Id }) => Id));
  const codes = new Map(Failed.map(({ Id, Code }) => [Id, Code]));
  return parcels.flatMap((entry, n) =>
    taken.has(String(n)) ? [] : [{ entry, errorCode: codes.get(String(n)) ?? 'MissingResult' }],
  );
}
