import { BatchGetItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { destinationDeadLettersOutput, destinationSettingsOutput } from '../../../lambdas/core/contract/outputs.ts';
import { table } from '../../../lambdas/core/contract/storage.ts';
import { asOwner, platform, stackOutput, unique } from './deployment.ts';
import { findFunction } from './functions.ts';

/** Credentials of a role's session. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

type Settings = Omit<typeof asOwner, 'credentials'> & { readonly credentials: Credentials };

const nowhere = { [table.partitionKey]: { S: 'nothing' }, [table.sortKey]: { S: 'state' } };
const event = () => {
  const now = new Date().toISOString();
  return {
    type: 'track',
    event: 'Permitted',
    messageId: unique('permitted'),
    userId: unique('permitted'),
    timestamp: now,
    receivedAt: now,
    sourceId: 'test',
  };
};

/**
 * Something that some function must be able to do, and the others must not. Those that are permitted change no profile.
 */
const deeds = {
  'read profiles': (settings: Settings) =>
    new DynamoDBClient(settings).send(
      new BatchGetItemCommand({ RequestItems: { [stackOutput('profileTable')]: { Keys: [nowhere] } } }),
    ),
  'read all profiles': (settings: Settings) =>
    new DynamoDBClient(settings).send(new ScanCommand({ TableName: stackOutput('profileTable') })),
  'write profiles': (settings: Settings) => {
    const condition = {
      ConditionExpression: 'attribute_exists(#pk)',
      ExpressionAttributeNames: { '#pk': table.partitionKey },
    };
    return new DynamoDBClient(settings).send(
      new PutItemCommand({ TableName: stackOutput('profileTable'), Item: nowhere, ...condition }),
    );
  },
  'send events': (settings: Settings) => {
    const Records = [{ PartitionKey: 'test', Data: Buffer.from(`${JSON.stringify(event())}\n`) }];
    const client = new KinesisClient({ ...settings, requestHandler: new NodeHttpHandler() });
    return client.send(new PutRecordsCommand({ StreamName: stackOutput('eventStream'), Records }));
  },
  'announce changes': (settings: Settings) => {
    const Entries = [{ EventBusName: stackOutput('segmentBus'), Source: 'test', DetailType: 'Nothing', Detail: '{}' }];
    return new EventBridgeClient(settings).send(new PutEventsCommand({ Entries }));
  },
  "read the identifiers' key": async (settings: Settings) => {
    const { environment } = await findFunction('stitch');
    return new SecretsManagerClient(settings).send(
      new GetSecretValueCommand({ SecretId: environment[env.identifierKeySecret] }),
    );
  },
  "read the destination's settings": (settings: Settings) =>
    new SecretsManagerClient(settings).send(
      new GetSecretValueCommand({ SecretId: platform.stack[destinationSettingsOutput('crm')] }),
    ),
  'read the access tokens': (settings: Settings) =>
    new SecretsManagerClient(settings).send(new GetSecretValueCommand({ SecretId: stackOutput('accessTokensSecret') })),
  'look into the lake': (settings: Settings) =>
    new S3Client({ ...settings, forcePathStyle: true }).send(new ListObjectsV2Command({ Bucket: platform.lakeBucket })),
  'read the secrets of sources': (settings: Settings) =>
    new SecretsManagerClient(settings).send(new GetSecretValueCommand({ SecretId: stackOutput('sourceSecrets') })),
  'take dead letters': (settings: Settings) =>
    new SQSClient(settings).send(
      new ReceiveMessageCommand({
        QueueUrl: platform.stack[destinationDeadLettersOutput('crm')],
        VisibilityTimeout: 0,
      }),
    ),
} as const;

/** Names of the deeds that IAM lets the holder of these credentials do. */
export async function permitted(credentials: Credentials): Promise<string[]> {
  const names: string[] = [];
  for (const [name, attempt] of Object.entries(deeds))
    if (await isPermitted(() => attempt({ ...asOwner, credentials }))) names.push(name);
  return names.sort();
}

/** A service that refuses for its own reasons has been reached. */
async function isPermitted(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    const { name } = error as Error;
    if (/^AccessDenied/.test(name)) return false;
    if (name === 'ConditionalCheckFailedException') return true;
    throw error;
  }
}
