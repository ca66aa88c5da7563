import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { destinationQueues } from '../../../lambdas/adapters/queues/destination-queues.ts';
import { retryPolicy } from '../../../lambdas/adapters/streams/retry-failed-entries.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const sqs = mockClient(SQSClient);
beforeEach(() => void sqs.reset());

const policy = { ...retryPolicy, attempts: 3, sleep: async () => {} };
let forgotten = 0;
const urls = {
  of: async (destination: string) => new Map([['crm', 'https://sqs/crm']]).get(destination),
  forget: () => {
    forgotten += 1;
  },
};
const put = destinationQueues(new SQSClient({}), urls, policy);
const sent = () => sqs.commandCalls(SendMessageBatchCommand).map(({ args: [{ input }] }) => input);
const takeAll = () =>
  sqs
    .on(SendMessageBatchCommand)
    .callsFake(({ Entries }) => ({ Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })) }));

describe('queues of destinations', () => {
  it('take at most ten parcels and 256 KB in a call', async () => {
    takeAll();
    const parcels = [
      ...Array.from({ length: 12 }, (_, n) => `small ${n}`),
      ...Array.from({ length: 6 }, () => 'x'.repeat(60_000)),
    ];
    expect(await put('crm', parcels)).toEqual({ ok: true });
    expect(sent().map(({ Entries }) => Entries?.length)).toEqual([10, 6, 2]);
    expect(sent().flatMap(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody))).toEqual(parcels);
    expect(sent().every(({ QueueUrl }) => QueueUrl === 'https://sqs/crm')).toBe(true);
  });

  it('are asked again for parcels that they did not take', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Successful: [{ Id: '0' } as never], Failed: [{ Id: '1', Code: 'ServiceUnavailable' } as never] })
      .callsFake(({ Entries }) => ({ Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })) }));
    expect(await put('crm', ['a', 'b', 'c'])).toEqual({ ok: true });
    expect(sent().map(({ Entries = [] }) => Entries.map(({ MessageBody }) => MessageBody))).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
  });

  it('say why they take nothing', async () => {
    sqs.on(SendMessageBatchCommand).rejects(Object.assign(new Error('no'), { name: 'QueueDoesNotExist' }));
    expect(await put('crm', ['a'])).toMatchObject({ ok: false, error: 'QueueDoesNotExist' });
    expect(forgotten).toBe(1);
    expect(await put('unknown', ['a'])).toMatchObject({ ok: false, error: 'NoQueue' });
    const unreadable = { ...urls, of: async () => Promise.reject(new TypeError('no')) };
    expect(await destinationQueues(new SQSClient({}), unreadable)('crm', ['a'])).toMatchObject({
      error: 'QueueUnknown: TypeError',
    });
    sqs.reset();
    expect(await put('unknown', [])).toEqual({ ok: true });
    expect(sent()).toEqual([]);
  });
});
