import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import { clientSettings } from '../../../local/platform/aws.ts';

/** What a producer put into a record. */
export const textOf = (record: KinesisStreamRecord): string =>
  Buffer.from(record.kinesis.data, 'base64').toString('utf8');

/** Why Lambda gave up invocations on Kinesis records, and the records, as it left them in a bucket. */
export async function failedInvocations(
  emulatorUrl: string,
  Bucket = '',
): Promise<{ condition: string; records: string[] }[]> {
  const s3 = new S3Client({ ...clientSettings(emulatorUrl), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'aws/lambda/' }));
  const objects = await Promise.all(Contents.map(({ Key }) => s3.send(new GetObjectCommand({ Bucket, Key }))));
  const bodies = await Promise.all(
    objects.map(async ({ Body }) => JSON.parse((await Body?.transformToString()) ?? '')),
  );
  return bodies.map(({ requestContext, payload }) => ({
    condition: requestContext.condition,
    records: (JSON.parse(payload) as KinesisStreamEvent).Records.filter(({ kinesis: data }) => data !== undefined).map(
      textOf,
    ),
  }));
}
