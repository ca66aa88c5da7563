import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, expect, it } from 'vitest';
import { setAside } from '../../../lambdas/adapters/lake/set-aside.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());
const warnings: object[] = [];
const keep = setAside(
  new S3Client({ region: 'eu-west-1' }),
  'failed',
  () => 0,
  (details) => warnings.push(details),
);
const record = {
  eventID: 'e1',
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:1:table/t/stream/s',
  dynamodb: { SequenceNumber: '100', NewImage: { changes: { S: 'ann@example.com' } } },
};

it('keeps a record whole, as Lambda keeps a batch, under a name of its own that it has again when it comes again', async () => {
  s3.on(PutObjectCommand).resolves({});
  expect([await keep(record, 'changes: not JSON'), await keep(record, 'changes: not JSON')]).toEqual([
    { ok: true },
    { ok: true },
  ]);
  const [first, second] = s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);
  expect([first?.Bucket, first?.Key, second?.Key]).toEqual([
    'failed',
    'aws/lambda/set-aside/e1',
    'aws/lambda/set-aside/e1',
  ]);
  const { requestContext, DDBStreamBatchInfo, payload } = JSON.parse(String(first?.Body));
  expect(requestContext).toEqual({ condition: 'Unreadable', reason: 'changes: not JSON' });
  expect(DDBStreamBatchInfo).toMatchObject({
    startSequenceNumber: '100',
    endSequenceNumber: '100',
    batchSize: 1,
    streamArn: record.eventSourceARN,
  });
  expect(JSON.parse(payload)).toEqual({ Records: [record] });
  expect(JSON.stringify(warnings)).not.toContain('ann@');
});

it('does not say that it is safe when S3 refuses', async () => {
  s3.on(PutObjectCommand).rejects(Object.assign(new Error('no'), { name: 'SlowDown' }));
  expect(await keep(record, 'changes: not JSON')).toEqual({ ok: false, reason: 'failed', error: 'SlowDown' });
});
