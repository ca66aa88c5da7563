import { gzipSync } from 'node:zlib';
import type { KinesisClient, PutRecordsCommand, PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { assumptions } from './assumptions.ts';
import { firehoseGigabytes, gigabyte, type Meter } from './meter.ts';

const kilobyte = 1024;

/** Takes every record and counts what the stream bills for it. */
export function countedStream(meter: Meter, records: string[]): KinesisClient {
  const take = ({ Data, PartitionKey = '' }: PutRecordsRequestEntry): object => {
    const bytes = (Data?.length ?? 0) + PartitionKey.length;
    const { shardBytesPerSecond, shardUse } = assumptions;
    // A shard takes a megabyte or 1,000 records a second, whichever is reached first.
    const shardSeconds = Math.max(bytes / shardBytesPerSecond, 1 / 1000) / shardUse;
    meter.count('event stream', 'kinesisPutUnit', Math.ceil(bytes / (25 * kilobyte)));
    meter.count('event stream', 'kinesisShardHour', shardSeconds / 3600);
    records.push(Buffer.from(Data ?? []).toString('utf8'));
    return { SequenceNumber: '1' };
  };
  return {
    send: async ({ input }: PutRecordsCommand) => ({ Records: (input.Records ?? []).map(take) }),
  } as unknown as KinesisClient;
}

/** What Firehose and S3 bill for the raw zone, gzip and a month of storage included. */
export function countLanding(meter: Meter, records: readonly string[]): void {
  const bytes = records.reduce((sum, { length }) => sum + length, 0);
  for (const { length } of records) meter.count('raw zone', 'firehoseGb', firehoseGigabytes(length));
  meter.count('raw zone', 's3Put', bytes / assumptions.rawObjectBytes);
  meter.count('raw zone', 's3GbMonth', (gzipSync(records.join('')).length / gigabyte) * assumptions.rawMonths);
}
