import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { clientSettings, region } from '../../../local/platform/aws.ts';

const account = '000000000000';
/** An account of somebody else; on the emulator, an access key of twelve digits is one of that account. */
export const theirs = '111122223333';
const arn = (service: string, name: string, owner = account) => `arn:aws:${service}:${region}:${owner}:${name}`;

/** Destinations of every native kind that AWS has, by their ids. */
export const awsDestinations = {
  lines: { kind: 's3', bucket: 'native-files', prefix: 'lines/' },
  tables: { kind: 's3', bucket: 'native-files', prefix: 'tables/', format: 'parquet' },
  queue: { kind: 'sqs', queue: arn('sqs', 'native-queue') },
  'their-queue': { kind: 'sqs', queue: arn('sqs', 'native-queue', theirs) },
  topic: { kind: 'sns', topic: arn('sns', 'native-topic') },
  'their-topic': { kind: 'sns', topic: arn('sns', 'native-topic', theirs) },
  bus: { kind: 'eventbridge', bus: arn('events', 'event-bus/native-bus') },
  'their-bus': { kind: 'eventbridge', bus: arn('events', 'event-bus/native-bus', theirs) },
  'closed-bus': { kind: 'eventbridge', bus: arn('events', 'event-bus/closed-bus', theirs) },
  mail: {
    kind: 'email',
    identity: arn('ses', 'identity/example.com'),
    from: 'cdp@example.com',
    to: ['team@example.com', 'boss@example.com'],
  },
} as const;

/** Makes the places of all these destinations, and what tells what arrived there. */
export async function makePlaces(emulatorUrl: string): Promise<void> {
  const where = clientSettings(emulatorUrl);
  const other = { ...where, credentials: { ...where.credentials, accessKeyId: theirs } };
  await new S3Client({ ...where, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'native-files' }));
  const sqs = new SQSClient(where);
  await sqs.send(new CreateQueueCommand({ QueueName: 'native-queue' }));
  await makeQueuesBehind(sqs, account);
  const allowed = (Action: string | string[], Resource: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action, Resource }],
    });
  const theirSqs = new SQSClient(other);
  const Policy = allowed(['sqs:SendMessage', 'sqs:GetQueueUrl'], awsDestinations['their-queue'].queue);
  await theirSqs.send(new CreateQueueCommand({ QueueName: 'native-queue', Attributes: { Policy } }));
  await makeQueuesBehind(theirSqs, theirs);
  const topicPolicy = allowed('sns:Publish', awsDestinations['their-topic'].topic);
  await makeTopic(new SNSClient(where), arn('sqs', 'of-topic'), {});
  await makeTopic(new SNSClient(other), arn('sqs', 'of-topic', theirs), { Policy: topicPolicy });
  await makeBus(new EventBridgeClient(where), account);
  const theirEvents = new EventBridgeClient(other);
  await makeBus(theirEvents, theirs);
  const lettingIn = { StatementId: 'platform', Action: 'events:PutEvents', Principal: account };
  await theirEvents.send(new PutPermissionCommand({ EventBusName: 'native-bus', ...lettingIn }));
  await theirEvents.send(new CreateEventBusCommand({ Name: 'closed-bus' }));
  const ses = new SESv2Client(where);
  await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }));
}

/** Queues that tell what arrived at a topic and at a bus. */
async function makeQueuesBehind(sqs: SQSClient, owner: string): Promise<void> {
  for (const [QueueName, service] of [
    ['of-topic', 'sns'],
    ['of-bus', 'events'],
  ] as const)
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy: open(service, QueueName, owner) } }));
}

const open = (service: string, queue: string, owner: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: `${service}.amazonaws.com` },
        Action: 'sqs:SendMessage',
        Resource: arn('sqs', queue, owner),
      },
    ],
  });

async function makeTopic(sns: SNSClient, Endpoint: string, Attributes: Record<string, string>): Promise<void> {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'native-topic', Attributes }));
  const FilterPolicy = JSON.stringify({ type: ['track'] });
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint,
      Attributes: { FilterPolicy, RawMessageDelivery: 'true' },
    }),
  );
}

async function makeBus(events: EventBridgeClient, owner: string): Promise<void> {
  const EventBusName = 'native-bus';
  await events.send(new CreateEventBusCommand({ Name: EventBusName }));
  const EventPattern = JSON.stringify({ source: ['customer-data-platform'], 'detail-type': ['Order Completed'] });
  await events.send(new PutRuleCommand({ Name: 'orders', EventBusName, EventPattern }));
  const Targets = [{ Id: 'queue', Arn: arn('sqs', 'of-bus', owner), InputPath: '$.detail' }];
  await events.send(new PutTargetsCommand({ Rule: 'orders', EventBusName, Targets }));
}

/** The bodies of the messages that a queue has; they stay there. */
export async function inQueue(emulatorUrl: string, QueueName: string, owner = account): Promise<string[]> {
  const where = clientSettings(emulatorUrl);
  const client = new SQSClient({
    ...where,
    credentials: { ...where.credentials, accessKeyId: owner === account ? 'test' : owner },
  });
  const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName }));
  const answer = await fetch(
    `${emulatorUrl}/_ministack/sqs/messages?account=${owner}&QueueUrl=${encodeURIComponent(QueueUrl)}`,
  );
  return bodiesIn(await answer.json());
}

/** Whatever the form of the list is, a message has a body. */
function bodiesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { data } = z.object({ Body: z.string() }).safeParse(value);
  return data === undefined ? Object.values(value).flatMap(bodiesIn) : [data.Body];
}

/** Files below a prefix of the bucket, by their names. */
export async function filesBelow(
  emulatorUrl: string,
  Prefix: string,
  Bucket = 'native-files',
): Promise<ReadonlyMap<string, Buffer>> {
  const client = new S3Client({ ...clientSettings(emulatorUrl), forcePathStyle: true });
  const found = new Map<string, Buffer>();
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix }))
    for (const { Key = '' } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      found.set(Key, Buffer.from((await Body?.transformToByteArray()) ?? []));
    }
  return found;
}

const Mails = z.object({
  messages: z.record(
    z.string(),
    z.array(z.object({ Source: z.string(), To: z.array(z.string()), Subject: z.string(), BodyText: z.string() })),
  ),
});

/** Mails that were sent. */
export async function mailsSent(emulatorUrl: string) {
  const answer = await fetch(`${emulatorUrl}/_ministack/ses/messages?account=${account}`);
  return Mails.parse(await answer.json()).messages[account] ?? [];
}
