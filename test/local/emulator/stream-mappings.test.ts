import { cpus } from 'node:os';
import { CloudWatchClient, type Dimension, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { failedInvocations, textOf } from '../stack/failed-invocations.ts';
import { Oracle } from '../stack/oracle.ts';
import { getAtt, oracleFunction, referenceOutputs, role, tlsOnlyBucket } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 40_000 });

const oracle = new Oracle();
let stack: EmulatedStack;
let kinesis: KinesisClient;

const mapping = (functionId: string, source: object, more: object) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: { Ref: functionId },
    EventSourceArn: source,
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: getAtt('Failed', 'Arn') } },
    ...more,
  },
});

const streamOfOneShard = { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } };

const template = (oracleUrl: string) => ({
  Resources: {
    ...tlsOnlyBucket('Failed'),
    Role: role('lambda', ['kinesis:*', 'dynamodb:*', 's3:PutObject', 'sqs:*']),
    Blind: role('lambda', ['s3:PutObject']),
    Whole: streamOfOneShard,
    Halved: streamOfOneShard,
    Unseen: streamOfOneShard,
    Queue: { Type: 'AWS::SQS::Queue' },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      },
    },
    WholeFunction: oracleFunction(oracleUrl, 'whole', 'Role'),
    HalvedFunction: oracleFunction(oracleUrl, 'halved', 'Role'),
    UnseenFunction: oracleFunction(oracleUrl, 'unseen', 'Blind'),
    QueueFunction: oracleFunction(oracleUrl, 'queue', 'Role'),
    TableFunction: oracleFunction(oracleUrl, 'table', 'Role'),
    WholeMapping: mapping('WholeFunction', getAtt('Whole', 'Arn'), { MaximumBatchingWindowInSeconds: 1 }),
    HalvedMapping: mapping('HalvedFunction', getAtt('Halved', 'Arn'), { BisectBatchOnFunctionError: true }),
    UnseenMapping: mapping('UnseenFunction', getAtt('Unseen', 'Arn'), {}),
    QueueMapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'QueueFunction' },
        EventSourceArn: getAtt('Queue', 'Arn'),
        BatchSize: 1,
        ScalingConfig: { MaximumConcurrency: 5 },
      },
    },
    TableMapping: mapping('TableFunction', getAtt('Table', 'StreamArn'), { BatchSize: 10 }),
  },
  Outputs: referenceOutputs('Whole', 'Halved', 'Unseen', 'Queue', 'Table', 'TableMapping', 'Failed'),
});

beforeAll(async () => {
  stack = await deployShared(template(await oracle.start()));
  kinesis = new KinesisClient({ ...clientSettings(stack.url), requestHandler: new NodeHttpHandler() });
}, 120_000);

afterAll(async () => {
  oracle.stop();
  await stack?.stop();
});

const put = (stream: string, ...texts: readonly string[]) =>
  kinesis.send(
    new PutRecordsCommand({
      StreamName: stack.outputs[stream],
      Records: texts.map((text) => ({ PartitionKey: 'one', Data: Buffer.from(text) })),
    }),
  );

/** Remembers the texts of each batch and answers with what `failureOf` makes of it. */
function recordBatches(
  name: string,
  failureOf: (texts: readonly string[], event: KinesisStreamEvent) => unknown,
): string[][] {
  const batches: string[][] = [];
  oracle.answers(name, (event: KinesisStreamEvent) => {
    const texts = event.Records.map(textOf);
    batches.push(texts);
    return failureOf(texts, event);
  });
  return batches;
}

const failureAt = (event: KinesisStreamEvent, text: string) => ({
  batchItemFailures: event.Records.filter((record) => textOf(record) === text).map(({ kinesis }) => ({
    itemIdentifier: kinesis.sequenceNumber,
  })),
});

it('collects records for the batching window, and delivers again from the lowest reported failure on', async () => {
  let attempts = 0;
  const batches = recordBatches('whole', (_texts, event) =>
    attempts++ === 0 ? failureAt(event, 'c') : { batchItemFailures: [] },
  );
  await put('Whole', 'a', 'b');
  await put('Whole', 'c', 'd');
  await eventually('the second delivery', async () => batches[1]);
  expect(batches).toEqual([
    ['a', 'b', 'c', 'd'],
    ['c', 'd'],
  ]);
});

it('takes a failure it does not know for the failure of the whole batch', async () => {
  let attempts = 0;
  const batches = recordBatches('whole', () =>
    attempts++ === 0 ? { batchItemFailures: [{ itemIdentifier: 'unheard-of' }] } : null,
  );
  await put('Whole', 'e', 'f');
  await eventually('the second delivery', async () => batches[1]);
  expect(batches).toEqual([
    ['e', 'f'],
    ['e', 'f'],
  ]);
});

it('gives up after the retries allowed, keeps the payload in S3, and goes on with the shard', async () => {
  const batches = recordBatches('whole', (texts, event) =>
    texts.includes('stuck') ? failureAt(event, 'stuck') : null,
  );
  await put('Whole', 'stuck');
  const kept = await eventually('the failed invocation', async () =>
    (await failedInvocations(stack.url, stack.outputs.Failed)).find(({ records }) => records.includes('stuck')),
  );
  await put('Whole', 'next');
  await eventually('the next record', async () => batches.find((texts) => texts.includes('next')));
  expect(kept).toEqual({ condition: 'RetryAttemptsExhausted', records: ['stuck'] });
  expect(batches).toEqual([['stuck'], ['stuck'], ['stuck'], ['next']]);
});

it('splits a batch whose invocation throws until only the culprit is given up', async () => {
  const applied: string[] = [];
  recordBatches('halved', (texts) => {
    if (texts.includes('poison')) throw new Error('poisoned');
    applied.push(...texts);
    return null;
  });
  await put('Halved', 'a', 'b', 'poison', 'd', 'e');
  await eventually('the last record', async () => (applied.includes('e') ? true : undefined));
  expect(applied).toEqual(['a', 'b', 'd', 'e']);
  expect(await failedInvocations(stack.url, stack.outputs.Failed)).toContainEqual({
    condition: 'RetryAttemptsExhausted',
    records: ['poison'],
  });
});

it('reads nothing for a function whose role may not read the stream', async () => {
  const unseen = recordBatches('unseen', () => null);
  const seen = recordBatches('whole', () => null);
  await put('Unseen', 'secret');
  await put('Whole', 'after');
  await eventually('a record put later', async () => seen[0]);
  expect(unseen).toEqual([]);
});

it('treats the stream of a table alike', async () => {
  const batches: string[][] = [];
  oracle.answers('table', (event: DynamoDBStreamEvent) => {
    batches.push(event.Records.map(({ dynamodb }) => dynamodb?.Keys?.pk?.S ?? ''));
    const [first] = event.Records;
    return batches.length === 1 ? { batchItemFailures: [{ itemIdentifier: first?.dynamodb?.SequenceNumber }] } : null;
  });
  await new DynamoDBClient(clientSettings(stack.url)).send(
    new PutItemCommand({ TableName: stack.outputs.Table, Item: { pk: { S: 'one' } } }),
  );
  await eventually('the second delivery', async () => batches[1]);
  expect(batches).toEqual([['one'], ['one']]);
  const { Table, TableMapping } = stack.outputs;
  const counted = [
    await sumOf('AWS/DynamoDB', 'ConsumedWriteCapacityUnits', { Name: 'TableName', Value: Table }),
    await sumOf('AWS/Lambda', 'PolledEventCount', { Name: 'EventSourceMappingUUID', Value: TableMapping }),
  ];
  expect(counted).toEqual([1, 1]);
});

async function sumOf(Namespace: string, MetricName: string, dimension: Dimension): Promise<number> {
  const [StartTime, EndTime] = [new Date(Date.now() - 600_000), new Date(Date.now() + 60_000)];
  const asked = {
    Namespace,
    MetricName,
    Dimensions: [dimension],
    StartTime,
    EndTime,
    Period: 3_600,
    Statistics: ['Sum' as const],
  };
  const { Datapoints = [] } = await new CloudWatchClient(clientSettings(stack.url)).send(
    new GetMetricStatisticsCommand(asked),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}

it('has as many batches of a queue under way as there are cores, at least two, and no more than the mapping allows', async () => {
  const most = Math.min(5, Math.max(2, cpus().length));
  const held: (() => void)[] = [];
  oracle.answers('queue', () => new Promise<void>((resolve) => held.push(resolve)));
  const sqs = new SQSClient(clientSettings(stack.url));
  const QueueUrl = stack.outputs.Queue;
  const Entries = Array.from({ length: most + 3 }, (_, index) => ({ Id: String(index), MessageBody: 'a message' }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  await eventually('as many calls', async () => held[most - 1]);
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessagesNotVisible: String(most),
    ApproximateNumberOfMessages: '3',
  });
  await eventually('the other calls', async () => {
    for (const answer of held) answer();
    return held[Entries.length - 1];
  });
  for (const answer of held) answer();
});
