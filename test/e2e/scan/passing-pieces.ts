import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetSecretValueCommand, paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  type Message,
  paginateListQueues,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { asOwner } from '../platform/deployment.ts';
import { type Piece, pieceOf, textOf } from './pieces.ts';

const logs = new CloudWatchLogsClient(asOwner);
const sqs = new SQSClient(asOwner);
const ssm = new SSMClient(asOwner);
const secretsManager = new SecretsManagerClient(asOwner);

/** How long a letter hides while its queue is looked through, seconds. */
const hidden = 60;

/** Messages of all queues that nobody reads, such as dead letters; they stay there. */
export async function letters(): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, {}))
    for (const QueueUrl of QueueUrls) {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
      // A message of a queue that somebody reads is there for seconds, and reading it here would count as a try.
      if (Attributes.RedrivePolicy !== undefined) continue;
      for (const message of await lettersOf(QueueUrl))
        found.push(pieceOf(`letter in ${QueueUrl}`, Number(message.Attributes?.SentTimestamp), textOf(message)));
    }
  return found;
}

/** All messages of a queue. While it is looked through they hide, for else the same ones would come again. */
async function lettersOf(QueueUrl: string): Promise<Message[]> {
  const found: Message[] = [];
  const asked = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: hidden };
  for (let more = true; more; ) {
    const page = new ReceiveMessageCommand({ ...asked, MessageSystemAttributeNames: ['SentTimestamp'] });
    const { Messages = [] } = await sqs.send(page);
    found.push(...Messages);
    more = Messages.length > 0;
  }
  for (const { ReceiptHandle } of found)
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  return found;
}

/** Lines of all log groups since a time. */
export async function logged(since: number): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: logs }, {}))
    for (const { logGroupName } of logGroups)
      for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName, startTime: since }))
        for (const { message = '', timestamp = 0 } of events)
          found.push(pieceOf(`line of ${logGroupName}`, timestamp, Buffer.from(message)));
  return found;
}

/** Values of all secrets. */
export async function secrets(): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { SecretList = [] } of paginateListSecrets({ client: secretsManager }, {}))
    for (const { ARN: SecretId } of SecretList) {
      const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId }));
      found.push(pieceOf(`secret ${SecretId}`, 0, Buffer.from(SecretString)));
    }
  return found;
}

/** Values of all parameters. */
export async function parameters(): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path: '/', Recursive: true }))
    found.push(...Parameters.map(({ Name, Value = '' }) => pieceOf(`parameter ${Name}`, 0, Buffer.from(Value))));
  return found;
}
