import type { SQSRecord } from 'aws-lambda';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { importLedger, importPace } from '../../lambdas/adapters/dynamodb/import-ledger.ts';
import { fileStore, stagedFiles } from '../../lambdas/adapters/files/staged-files.ts';
import { stagedPieces } from '../../lambdas/adapters/lake/staged-piece.ts';
import { installedCalls } from '../../lambdas/adapters/sources/installed-calls.ts';
import { eventStreamOfMany } from '../../lambdas/adapters/streams/event-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { importPrefix } from '../../lambdas/core/contract/storage.ts';
import { createHandler } from '../../lambdas/functions/import/handler.ts';
import { importBytesPerSecond, objectsAtOnce } from '../../lib/imports/imports.ts';
import { type Listener, MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { now } from '../events/crowd.ts';
import { assumptions } from './assumptions.ts';
import { CountedS3 } from './counted-s3.ts';
import { countedStream, countLanding } from './event-stream.ts';
import { dynamoListener, type Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';

const part = 'import';
const megabytes = 1769;
/** What the bench's deployment has. Twice the shards wait half as long. */
const shards = { ingest: { shards: 1 } };

/** After every event of a trace, milliseconds since 1970. */
export const loadedAt = now + 400 * 86_400_000;

/** What the functions wait for, in one invocation. */
interface Waited {
  dynamo: number;
  kinesis: number;
  /** Seconds for room on the stream. */
  room: number;
}

/**
 * The function that takes objects of imports, counted. `seconds` is the processor time per line that it reads; measured
 * when it is not given.
 */
export function meteredImport(meter: Meter, config: CdpConfig, seconds?: number) {
  const records: string[] = [];
  const clock = { now: loadedAt };
  const waited: Waited = { dynamo: 0, kinesis: 0, room: 0 };
  const s3 = new CountedS3(meter, 'objects', loadedAt);
  const table = new MemoryDynamoDb(listener(meter, waited));
  const stream = countedStream(meter, records);
  const place = { client: table.client, tableName: 'profiles', pause: async () => {}, now: () => clock.now };
  const files = fileStore(s3.client, 'lake');
  const started = { records: 0, files: 0 };
  const handler = createHandler({
    config,
    ledger: importLedger(place),
    readPiece: stagedPieces(s3.client, 'lake'),
    files: stagedFiles(files),
    split: async () => ++started.files > 0,
    textAt: files.text,
    startRecords: async () => ++started.records > 0,
    takeRoom: importPace(place, importBytesPerSecond(shards)),
    sleep: async (milliseconds) => {
      clock.now += milliseconds;
      waited.room += (milliseconds / 1000) * objectsAtOnce(shards);
    },
    send: async (some) => {
      waited.kinesis += Math.ceil(some.length / 500);
      return eventStreamOfMany(stream, 'events')(some);
    },
    fileErasures: async () => {},
    keepRows: async () => ({ ok: false, reason: 'failed', error: 'nothing here belongs in quarantine' }),
    callsOf: installedCalls(),
    countLoad: () => {},
    count: () => {},
    ...askedBarriers(),
    now: () => clock.now,
    hide: async () => {},
  });

  async function take(key: string, lines: number): Promise<void> {
    Object.assign(waited, { dynamo: 0, kinesis: 0, room: 0 });
    const before = s3.calls;
    const cpu = await cpuSecondsOf(async () => {
      const { batchItemFailures } = await handler(messageAbout(key), { getRemainingTimeInMillis: () => 800_000 });
      if (batchItemFailures.length > 0) throw new Error(`${key} was not taken`);
    });
    meter.count('news of objects', 'busEvent', 1);
    meter.count('news of objects', 'sqsRequest', assumptions.sqsRequestsPerMessage);
    countFunction(meter, part, {
      invocations: 1,
      cpuSeconds: seconds === undefined ? cpu : lines * seconds,
      waitSeconds:
        waited.dynamo * assumptions.dynamoCall +
        waited.kinesis * assumptions.kinesisPut +
        (s3.calls - before) * assumptions.s3Call +
        waited.room,
      megabytes,
    });
  }

  return {
    started,
    /** Puts an object there, takes it, and then each piece that comes of it. Returns the stream's records. */
    async drop(key: string, bytes: Buffer, lines: number): Promise<readonly string[]> {
      records.length = 0;
      s3.objects.clear();
      s3.objects.set(key, bytes);
      meter.count('objects', 's3Put', 1);
      await take(key, key.startsWith(importPrefix.staged) ? lines : 2 * lines);
      const pieces = [...s3.objects.keys()].filter((each) => each.startsWith(importPrefix.staged) && each !== key);
      for (const piece of pieces) await take(piece, lines / pieces.length);
      countLanding(meter, records);
      return [...records];
    },
  };
}

const listener = (meter: Meter, waited: Waited): Listener => ({
  ...dynamoListener(meter, 'ledger'),
  call: () => {
    waited.dynamo += 1;
  },
});

const messageAbout = (key: string) => ({
  Records: [
    {
      messageId: key,
      receiptHandle: key,
      body: JSON.stringify({ detail: { object: { key, 'version-id': 'v1' } } }),
      attributes: { ApproximateReceiveCount: '1' },
    } as SQSRecord,
  ],
});
