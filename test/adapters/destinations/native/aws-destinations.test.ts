import { gunzipSync } from 'node:zlib';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { email } from '../../../../lambdas/adapters/destinations/native/email.ts';
import { eventBus } from '../../../../lambdas/adapters/destinations/native/event-bus.ts';
import { s3Files } from '../../../../lambdas/adapters/destinations/native/s3-files.ts';
import { snsTopic } from '../../../../lambdas/adapters/destinations/native/sns-topic.ts';
import { sqsQueue } from '../../../../lambdas/adapters/destinations/native/sqs-queue.ts';
import type { Call, Item } from '../../../../lambdas/core/destinations/destination.ts';
import { readJson } from '../../../../lambdas/core/values/json.ts';
import { mockClient } from '../../../fixtures/mock-client.ts';

const mocks = {
  sqs: mockClient(SQSClient),
  sns: mockClient(SNSClient),
  bus: mockClient(EventBridgeClient),
  s3: mockClient(S3Client),
  ses: mockClient(SESv2Client),
};
const { sqs, sns, bus, s3, ses } = mocks;
beforeEach(() => {
  for (const mock of Object.values(mocks)) mock.reset();
});

const context = { deadline: Number.POSITIVE_INFINITY };
const call = (n: number) =>
  ({
    ...(readJson('{"properties":{"total":1.50}}') as object),
    type: 'track',
    event: `Paid <${n}>`,
    messageId: `m${n}`,
    timestamp: '2026-05-01T10:00:00.000Z',
    userId: 'ann',
  }) as unknown as Call;
const items: Item[] = [1, 2, 3].map((n) => ({ id: `m${n}`, call: call(n), ...(n === 1 && { about: 'vip' }) }));
const bodies = items.map((item) => JSON.stringify(item.call));
const delivered = { kind: 'delivered', requests: 1 };

it('sends messages to a queue, digit by digit, and tells what SQS says of each', async () => {
  sqs.on(GetQueueUrlCommand).resolves({ QueueUrl: 'https://sqs/theirs' });
  sqs.on(SendMessageBatchCommand).resolves({
    Successful: [],
    Failed: [
      { Id: '1', Code: 'InvalidMessageContents', SenderFault: true },
      { Id: '2', Code: 'InternalError', SenderFault: false },
    ],
  });
  const queue = sqsQueue(new SQSClient({}), 'arn:aws:sqs:eu-west-1:111122223333:theirs');
  for (const _ of [1, 2])
    expect(await queue.deliver(items, context)).toEqual([
      delivered,
      { kind: 'refused', reason: 'InvalidMessageContents', requests: 1 },
      { kind: 'retry', reason: 'InternalError', requests: 1 },
    ]);
  expect(sqs.commandCalls(GetQueueUrlCommand).map(({ args }) => args[0].input)).toEqual([
    { QueueName: 'theirs', QueueOwnerAWSAccountId: '111122223333' },
  ]);
  const [sent] = sqs.commandCalls(SendMessageBatchCommand);
  expect(sent?.args[0].input.Entries?.map(({ MessageBody }) => MessageBody)).toEqual(bodies);
  expect(bodies[0]).toContain('"total":1.50');
});

it('publishes to a topic, with the type for filters', async () => {
  sns.on(PublishBatchCommand).resolves({ Failed: [{ Id: '0', Code: 'Throttled', SenderFault: false }] });
  const outcomes = await snsTopic(new SNSClient({}), 'arn:topic').deliver(items, context);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['retry', 'delivered', 'delivered']);
  expect(sns.commandCalls(PublishBatchCommand)[0]?.args[0].input.PublishBatchRequestEntries?.[1]).toEqual({
    Id: '1',
    Message: bodies[1],
    MessageAttributes: { type: { DataType: 'String', StringValue: 'track' } },
  });
});

it('puts events on a bus by name, and tells what EventBridge says of each', async () => {
  bus.on(PutEventsCommand).resolves({
    Entries: [{ EventId: 'e' }, { ErrorCode: 'MalformedDetail' }, { ErrorCode: 'ThrottlingException' }],
  });
  const outcomes = await eventBus(new EventBridgeClient({}), 'arn:bus').deliver(items, context);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'refused', 'retry']);
  expect(bus.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0]).toEqual({
    EventBusName: 'arn:bus',
    Source: 'customer-data-platform',
    DetailType: 'Paid <1>',
    Detail: bodies[0],
    Time: new Date('2026-05-01T10:00:00.000Z'),
  });
});

describe('files', () => {
  const hour = 3_600_000;
  const queued = Date.UTC(2026, 4, 1, 9, 59);
  let time = queued;
  beforeEach(() => {
    time = queued;
    s3.on(PutObjectCommand).resolves({});
  });
  const filesOf = (format: 'ndjson' | 'parquet') =>
    s3Files(new S3Client({}), { bucket: 'theirs', prefix: 'cdp/', format, key: 'arn:key' }, () => time);
  const sent = () => s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);

  it('have a line for each call', async () => {
    expect(await filesOf('ndjson').deliver(items, context)).toEqual(items.map(() => delivered));
    const [file] = sent();
    expect(file).toMatchObject({ Bucket: 'theirs', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn:key' });
    expect(file?.Key).toMatch(/^cdp\/2026-05-01\/09\/[0-9a-f]{32}\.json\.gz$/);
    expect(gunzipSync(file?.Body as Buffer).toString()).toBe(bodies.map((body) => `${body}\n`).join(''));
  });

  it.each(['ndjson', 'parquet'] as const)(
    'of %s are the same when a batch is repeated, however late',
    async (format) => {
      const batch = items.map((item) => ({ ...item, queued }));
      for (const later of [0, 2 * hour, 300 * hour]) {
        time = queued + later;
        await filesOf(format).deliver(batch, context);
      }
      expect(new Set(sent().map(({ Key }) => Key)).size).toBe(1);
      expect(new Set(sent().map(({ Body }) => Buffer.from(Body as Uint8Array).toString('hex'))).size).toBe(1);
    },
  );

  it('have different names when anything in them differs, also under the same message ids', async () => {
    const [one = items[1]] = items.slice(1);
    const other = { ...one, call: { ...one?.call, userId: 'bob' } } as Item;
    const news = { ...one, about: 'vip' } as Item;
    const otherNews = { ...news, about: 'newsletter' };
    const batches = [items, items.slice(1), items.toReversed(), [one], [other], [news], [otherNews]] as Item[][];
    for (const batch of batches) await filesOf('ndjson').deliver(batch, context);
    expect(new Set(sent().map(({ Key }) => Key)).size).toBe(batches.length);
  });
});

it('writes a mail with ids and nothing else', async () => {
  ses.on(SendEmailCommand).resolves({});
  const letters = { from: 'cdp@example.com', to: ['team@example.com'] };
  expect(await email(new SESv2Client({}), letters).deliver(items.slice(0, 1), context)).toEqual([delivered]);
  const { Content, ...who } = ses.commandCalls(SendEmailCommand)[0]?.args[0].input ?? {};
  expect(who).toEqual({ FromEmailAddress: 'cdp@example.com', Destination: { ToAddresses: ['team@example.com'] } });
  expect(Content?.Simple?.Subject?.Data).toBe('Paid <1> · vip · ann');
  expect(Content?.Simple?.Body?.Text?.Data).not.toContain('1.50');
});
