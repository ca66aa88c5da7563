import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { GetSecretValueCommand, paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, paginateListQueues, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { asOwner, platform, stackOutput } from '../platform/deployment.ts';
import { type Piece, textOf } from './pieces.ts';

// Over HTTP/2, the emulator misreads requests.
const kinesis = new KinesisClient({ ...asOwner, requestHandler: new NodeHttpHandler() });
const logs = new CloudWatchLogsClient(asOwner);
const sqs = new SQSClient(asOwner);
const ssm = new SSMClient(asOwner);
const secretsManager = new SecretsManagerClient(asOwner);

const piece = (where: string, at: number, bytes: Buffer): Piece => ({ where, at, read: async () => bytes });

/** Records of the event stream that came since a time. */
export async function streamed(since: number): Promise<Piece[]> {
  const StreamName = stackOutput('eventStream');
  const found: Piece[] = [];
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId } of Shards) {
    const from = { StreamName, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(since) } as const;
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
    for (let behind = 1; behind > 0 && ShardIterator !== undefined; ) {
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      for (const { Data = [], PartitionKey, SequenceNumber, ApproximateArrivalTimestamp } of page.Records ?? [])
        found.push(
          piece(
            `record ${SequenceNumber}`,
            ApproximateArrivalTimestamp?.getTime() ?? 0,
            Buffer.concat([Buffer.from(`${PartitionKey} `), Buffer.from(Data)]),
          ),
        );
      behind = (page.Records ?? []).length === 0 ? 0 : 1;
      ShardIterator = page.NextShardIterator;
    }
  }
  return found;
}

/** A call of the streams of DynamoDB, of which the platform has no client. The emulator looks at no signature. */
async function tableStream(action: string, body: object): Promise<Record<string, unknown>> {
  const scope = `test/20260101/${asOwner.region}/dynamodb/aws4_request`;
  const answer = await fetch(platform.emulatorUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDBStreams_20120810.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

interface Change {
  readonly dynamodb: { readonly ApproximateCreationDateTime: number; readonly SequenceNumber: string };
}

/** Changes of the profile table that its stream still has, since a time. */
export async function changes(since: number): Promise<Piece[]> {
  const found: Piece[] = [];
  const { Streams } = await tableStream('ListStreams', { TableName: stackOutput('profileTable') });
  for (const { StreamArn } of Streams as readonly { readonly StreamArn: string }[]) {
    const { StreamDescription } = await tableStream('DescribeStream', { StreamArn });
    const { Shards } = StreamDescription as { readonly Shards: readonly { readonly ShardId: string }[] };
    for (const { ShardId } of Shards) {
      const at = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      let { ShardIterator } = (await tableStream('GetShardIterator', at)) as { ShardIterator?: string };
      while (ShardIterator !== undefined) {
        const page = await tableStream('GetRecords', { ShardIterator });
        const records = (page.Records ?? []) as readonly Change[];
        for (const record of records) {
          const { ApproximateCreationDateTime: seconds, SequenceNumber } = record.dynamodb;
          // Times of changes are whole seconds.
          if (seconds * 1_000 >= since - 1_000)
            found.push(piece(`change ${SequenceNumber}`, seconds * 1_000, textOf(record)));
        }
        ShardIterator = records.length === 0 ? undefined : String(page.NextShardIterator);
      }
    }
  }
  return found;
}

/** Messages of all queues that nobody reads, such as dead letters; they stay there. */
export async function letters(): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, {}))
    for (const QueueUrl of QueueUrls) {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      // A message of a queue that somebody reads is there for seconds, and reading it here would count as a try.
      if (Attributes.RedrivePolicy !== undefined) continue;
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 },
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      if (Messages.length === 10) throw new Error(`${QueueUrl} has more letters than one look shows`);
      for (const message of Messages)
        found.push(piece(`letter in ${QueueUrl}`, Number(message.Attributes?.SentTimestamp), textOf(message)));
    }
  return found;
}

/** Lines of all log groups since a time. */
export async function logged(since: number): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
    for (const { logGroupName } of logGroups)
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName, startTime: since }))
        for (const { message = '', timestamp = 0 } of events)
          found.push(piece(`line of ${logGroupName}`, timestamp, Buffer.from(message)));
  return found;
}

/** Values of all secrets. */
export async function secrets(): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { SecretList = [] } of paginateListSecrets({ client: secretsManager }, {}))
    for (const { ARN: SecretId } of SecretList) {
      const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId }));
      found.push(piece(`secret ${SecretId}`, 0, Buffer.from(SecretString)));
    }
  return found;
}

/** Values of all parameters. */
export async function parameters(): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path: '/', Recursive: true }))
    found.push(...Parameters.map(({ Name, Value = '' }) => piece(`parameter ${Name}`, 0, Buffer.from(Value))));
  return found;
}
