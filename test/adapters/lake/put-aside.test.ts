import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, expect, it } from 'vitest';
import { putAside } from '../../../lambdas/adapters/lake/put-aside.ts';
import { readGivenUp } from '../../../lambdas/core/operations/given-up.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());
const put = putAside(new S3Client({ region: 'eu-west-1' }), 'failed', () => 0);
const parcels = ['{"forwarded":{"events":[1.50]}}', '{"forwarded":{"events":[2]}}'];
const refused = { destination: 'crm-eu', parcels, reason: 'KMS.DisabledException', origin: 'shardId-0:1-9' };

it('keeps messages byte by byte, below their destination, under a name that the same again has, too', async () => {
  s3.on(PutObjectCommand).resolves({});
  expect([await put(refused), await put(refused)]).toEqual([{ ok: true }, { ok: true }]);
  const [first, second] = s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);
  expect([first?.Bucket, first?.Key]).toEqual(['failed', 'aws/lambda/forward/CrmEu/shardId-01-9']);
  expect(second?.Key).toBe(first?.Key);
  expect(readGivenUp(String(first?.Body))).toEqual({
    from: 'forward',
    reason: 'QueueRefused: KMS.DisabledException',
    records: parcels,
  });
});

it('says so when S3 takes nothing', async () => {
  s3.on(PutObjectCommand).rejects(Object.assign(new Error('ann@example.com'), { name: 'SlowDown' }));
  expect(await put(refused)).toEqual({ ok: false, reason: 'failed', error: 'SlowDown' });
});
