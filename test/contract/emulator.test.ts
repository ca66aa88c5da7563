import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { KinesisStreamEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe } from 'vitest';
import { clientSettings } from '../../local/platform/aws.ts';
import { deployShared, type EmulatedStack } from '../local/stack/emulated-stack.ts';
import { eventually } from '../local/stack/eventually.ts';
import { Oracle } from '../local/stack/oracle.ts';
import { contractTemplate } from './emulator-template.ts';
import { holdsIndexContract } from './index-contract.ts';
import { type Deliver, holdsStreamContract } from './stream-contract.ts';
import { holdsTableContract } from './table-contract.ts';
import { holdsTableLimits } from './table-limits.ts';

const oracle = new Oracle();
let stack: EmulatedStack;
let documents: DynamoDBDocumentClient;
let kinesis: KinesisClient;
let s3: S3Client;

beforeAll(async () => {
  stack = await deployShared(contractTemplate(await oracle.start()));
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientSettings(stack.url)));
  kinesis = new KinesisClient({ ...clientSettings(stack.url), requestHandler: new NodeHttpHandler() });
  s3 = new S3Client({ ...clientSettings(stack.url), forcePathStyle: true });
}, 60_000);

afterAll(async () => {
  oracle.stop();
  await stack?.stop();
});

describe('the emulated table', () => {
  const open = () => ({ client: documents, tableName: stack.outputs.Table ?? '' });
  holdsTableContract(open);
  holdsTableLimits(open);
  holdsIndexContract(open);
});

const textsOf = ({ Records }: KinesisStreamEvent): string[] =>
  Records.flatMap(({ kinesis: data }) => (data ? Buffer.from(data.data, 'base64').toString('utf8') : []));

/** One record more, which nobody fails, shows that the shard went on and is at its end. */
const deliver: Deliver = async (texts, answer, mapping) => {
  const before = new Set(await keptKeys());
  const deliveries: string[][] = [];
  oracle.answers(mapping, (event: KinesisStreamEvent) => {
    const batch = textsOf(event);
    const reply = answer(batch, deliveries.push(batch) - 1);
    if (reply === 'throws') throw new Error('as the test wants it');
    const numberOf = (text: string) =>
      event.Records.find(({ kinesis: { data } }) => Buffer.from(data, 'base64').toString('utf8') === text)?.kinesis
        .sequenceNumber;
    return { batchItemFailures: (reply ?? []).map((text) => ({ itemIdentifier: numberOf(text) ?? text })) };
  });
  await put(mapping, texts);
  await eventually('the first delivery', async () => deliveries[0]);
  await put(mapping, ['end']);
  await eventually('the record after them', async () => deliveries.find((batch) => batch.includes('end')));
  const given = (await keptKeys()).filter((key) => !before.has(key));
  return {
    deliveries: deliveries.filter((batch) => !batch.includes('end')),
    givenUp: (await Promise.all(given.map(payloadOf))).flat(),
  };
};

const put = (mapping: string, texts: readonly string[]) =>
  kinesis.send(
    new PutRecordsCommand({
      StreamName: stack.outputs[mapping === 'whole' ? 'Whole' : 'Halved'],
      Records: texts.map((text) => ({ PartitionKey: 'one', Data: Buffer.from(text) })),
    }),
  );

async function keptKeys(): Promise<string[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: stack.outputs.Failed, Prefix: 'aws/lambda/' }),
  );
  return Contents.flatMap(({ Key }) => Key ?? []);
}

async function payloadOf(key: string): Promise<string[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: stack.outputs.Failed, Key: key }));
  const { payload } = JSON.parse((await Body?.transformToString()) ?? '') as { payload: string };
  return textsOf(JSON.parse(payload) as KinesisStreamEvent);
}

describe('the emulated mapping', () => holdsStreamContract(() => deliver));
