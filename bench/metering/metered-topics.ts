import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { importPace } from '../../lambdas/adapters/dynamodb/import-ledger.ts';

import { installedCalls } from '../../lambdas/adapters/sources/installed-calls.ts';
import { eventStreamOfMany } from '../../lambdas/adapters/streams/event-stream.ts';
import type { CdpConfig } from '../../lambdas/core/config/config.ts';
import { createHandler } from '../../lambdas/functions/topics/handler.ts';
import type { TopicRecord } from '../../lambdas/functions/topics/record.ts';
import { importBytesPerSecond } from '../../lib/imports/imports.ts';
import { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { assumptions } from './assumptions.ts';
import { countedStream, countLanding } from './event-stream.ts';
import { dynamoListener, type Meter } from './meter.ts';
import { countFunction, cpuSecondsOf } from './metered-function.ts';
import { loadedAt } from './metered-import.ts';

const [topic, partition] = ['events', 0];

/** The function that reads topics, counted; `seconds` is the processor time per record, measured when it is not given. */
export function meteredTopics(meter: Meter, config: CdpConfig, sourceId: string, seconds?: number) {
  const records: string[] = [];
  const clock = { now: loadedAt };
  const waited = { dynamo: 0, kinesis: 0, room: 0 };
  const table = new MemoryDynamoDb({
    ...dynamoListener(meter, 'pace'),
    call: () => {
      waited.dynamo += 1;
    },
  });
  const place = { client: table.client, tableName: 'profiles', pause: async () => {}, now: () => clock.now };
  const stream = countedStream(meter, records);
  let offset = 0;
  const handler = createHandler({
    config,
    sourceId,
    takeRoom: importPace(place, importBytesPerSecond({ ingest: { shards: 1 } })),
    sleep: async (milliseconds) => {
      clock.now += milliseconds;
      waited.room += milliseconds / 1000;
    },
    send: async (some) => {
      waited.kinesis += Math.ceil(some.length / 500);
      return eventStreamOfMany(stream, 'events')(some);
    },
    keepRows: async () => ({ ok: false, reason: 'failed', error: 'nothing here belongs in quarantine' }),
    put: async () => {
      throw new Error('no topic here has records');
    },
    callsOf: installedCalls(),
    countLoad: () => {},
    count: () => {},
    ...askedBarriers(),
    now: () => clock.now,
  });
  return async (values: readonly string[]): Promise<readonly string[]> => {
    records.length = 0;
    Object.assign(waited, { dynamo: 0, kinesis: 0, room: 0 });
    const batch = values.map((value) => recordOf(value, offset++, clock.now));
    const cpu = await cpuSecondsOf(() => handler({ records: { [`${topic}-${partition}`]: batch } }));
    countFunction(meter, 'topics', {
      invocations: 1,
      cpuSeconds: seconds === undefined ? cpu : values.length * seconds,
      waitSeconds: waited.dynamo * assumptions.dynamoCall + waited.kinesis * assumptions.kinesisPut + waited.room,
      megabytes: 512,
    });
    countLanding(meter, records);
    return [...records];
  };
}

const recordOf = (value: string, offset: number, timestamp: number): TopicRecord => ({
  ...{ topic, partition, offset, timestamp, timestampType: 'CREATE_TIME', headers: [] },
  value: Buffer.from(value).toString('base64'),
});
