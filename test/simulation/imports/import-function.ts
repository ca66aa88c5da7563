import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { askedBarriers } from '../../../lambdas/adapters/barriers/none.ts';
import { importLedger, importPace } from '../../../lambdas/adapters/dynamodb/import-ledger.ts';
import { sourceRequests } from '../../../lambdas/adapters/dynamodb/source-requests.ts';
import { fileStore, stagedFiles } from '../../../lambdas/adapters/files/staged-files.ts';
import { badRows } from '../../../lambdas/adapters/lake/bad-rows.ts';
import { installedCalls } from '../../../lambdas/adapters/sources/installed-calls.ts';
import { eventStreamOfMany } from '../../../lambdas/adapters/streams/event-stream.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { Deadlines } from '../../../lambdas/core/privacy/deadlines.ts';
import { createHandler, type ImportDeps } from '../../../lambdas/functions/import/handler.ts';
import type { Worker, World } from '../running/worker.ts';
import { faultyEventStream } from '../world/event-stream.ts';
import { clearKey } from '../world/stitch-function.ts';
import type { Shard } from '../world/stream.ts';
import type { Bucket } from './bucket.ts';
import type { TakeMessage } from './import-queue.ts';

/** A mistake of the function, planted to see that the checks find it. */
export interface Mistake {
  readonly change?: (deps: ImportDeps) => ImportDeps;
  /** Milliseconds by which the clock of the ledger is ahead. */
  readonly ahead?: number;
}

interface ImportSurroundings {
  readonly config: CdpConfig;
  readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  readonly bucket: Bucket;
  readonly shards: readonly Shard<string>[];
  readonly world: World;
  readonly clock: { now: number };
  /** Chance that an invocation has no time left when it looks, and that a lease runs out while somebody is at work. */
  readonly slow: () => number;
  readonly hide: (receipt: string, seconds: number) => void;
  readonly mistake?: Mistake | undefined;
}

const bytesPerSecond = 20_000;
const callsOf = installedCalls();
/** Small, so that few rows are several pieces and several steps of each. */
const pieceLength = 1_400;
const stepSize = { lines: 3, characters: 1_000 };
/** Longer than a lease. */
const tooLong = 130_000;

/** The function `import` as `lambdas/functions/import/index.ts` wires it, over fakes. */
export function importFunction(surroundings: ImportSurroundings): TakeMessage {
  const { config, clientFor, bucket, shards, world, clock, slow, mistake = {} } = surroundings;
  const { change = (deps) => deps, ahead = 0 } = mistake;
  return async ({ about, receipt, receives }, worker) => {
    const call = <T>(label: string, act: () => T): Promise<T> =>
      worker.call(label, () => {
        if (world.chance.happens(slow())) {
          world.tally.add('fault: a call takes longer than a lease');
          clock.now += tooLong;
        }
        return act();
      });
    const pause = (): Promise<void> => call('waits', () => {});
    const now = () => clock.now;
    const place = { client: clientFor(worker), tableName: 'profiles', pause, now };
    const s3 = bucket.clientFor(worker);
    const files = fileStore(s3, 'lake');
    const policy = { attempts: 3, baseMilliseconds: 1, capMilliseconds: 1, random: () => 0, sleep: pause };
    const handler = createHandler(
      change({
        config,
        ledger: importLedger({ ...place, now: () => clock.now + ahead }),
        readPiece: piecesIn(s3),
        files: stagedFiles(files, pieceLength),
        textAt: files.text,
        split: async () => true,
        startRecords: async () => true,
        takeRoom: importPace(place, bytesPerSecond),
        sleep: (milliseconds) =>
          call('sleeps', () => {
            clock.now += milliseconds;
          }),
        send: eventStreamOfMany(faultyEventStream(shards, worker, world), 'events', policy),
        fileErasures: sourceRequests(place.client, 'profiles', clearKey, Deadlines.parse({})),
        keepRows: badRows(s3, 'lake'),
        callsOf,
        ...askedBarriers(),
        countLoad: () => {},
        count: (_, { quarantined }) => world.tally.add('rows put into quarantine', quarantined),
        now,
        hide: (handle, seconds) => call('hides', () => surroundings.hide(handle, seconds)),
        stepSize,
      }),
    );
    const getRemainingTimeInMillis = () => (world.chance.happens(slow()) ? 0 : 600_000);
    const { batchItemFailures } = await handler(eventOf(about, receipt, receives), { getRemainingTimeInMillis });
    return batchItemFailures.length === 0;
  };
}

/** Reads pieces in one turn: the adapter's own stream unpacks in another thread, which no seed decides. */
const piecesIn =
  (s3: S3Client): ImportDeps['readPiece'] =>
  async (Key, VersionId) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key, VersionId }));
    return gunzipSync((await Body?.transformToByteArray()) ?? '')
      .toString()
      .trim()
      .split('\n');
  };

/** What Lambda hands over of a message of EventBridge, as far as the function reads it. */
const eventOf = (
  { key, version }: { key: string; version: string },
  receiptHandle: string,
  receives: number,
): SQSEvent =>
  ({
    Records: [
      {
        messageId: receiptHandle,
        receiptHandle,
        body: JSON.stringify({ detail: { object: { key, 'version-id': version } } }),
        attributes: { ApproximateReceiveCount: String(receives) },
      },
    ],
  }) as unknown as SQSEvent;
