import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { beforeEach, expect, it } from 'vitest';
import { deliveryStream } from '../../../lambdas/adapters/streams/delivery-stream.ts';
import { retryPolicy } from '../../../lambdas/adapters/streams/retry-failed-entries.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const firehose = mockClient(FirehoseClient);
beforeEach(() => firehose.reset());

const park = deliveryStream(new FirehoseClient({ region: 'eu-west-1' }), 'quarantine', {
  ...retryPolicy,
  sleep: async () => {},
});
const sent = (): { stream: string | undefined; texts: string[] }[] =>
  firehose.commandCalls(PutRecordBatchCommand).map(({ args: [{ input }] }) => ({
    stream: input.DeliveryStreamName,
    texts: (input.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()),
  }));

it('puts records, and again only those refused', async () => {
  const refused = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'slow down' };
  firehose
    .on(PutRecordBatchCommand)
    .resolvesOnce({ FailedPutCount: 1, RequestResponses: [{ RecordId: '1' }, refused] })
    .resolves({ FailedPutCount: 0, RequestResponses: [{ RecordId: '2' }] });
  expect(await park([{ text: 'a\n' }, { text: 'b\n' }])).toEqual({ ok: true });
  expect(sent()).toEqual([
    { stream: 'quarantine', texts: ['a\n', 'b\n'] },
    { stream: 'quarantine', texts: ['b\n'] },
  ]);
});

it('says so when it must give up', async () => {
  firehose
    .on(PutRecordBatchCommand)
    .resolves({ FailedPutCount: 1, RequestResponses: [{ ErrorCode: 'InternalFailure' }] });
  expect(await park([{ text: 'a\n' }])).toEqual({ ok: false, reason: 'failed', error: 'InternalFailure' });
  expect(sent()).toHaveLength(retryPolicy.attempts);
});
