import { gzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import type { Store } from '../../../lambdas/core/privacy/stores/store.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';
import { accessLogBuckets } from './stores-with.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const documents = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));
const logs = new CloudWatchLogsClient(asOwner);
const secrets = new SecretsManagerClient(asOwner);
const ssm = new SSMClient(asOwner);

/** Takes away again what was planted. */
type Dig = () => Promise<unknown>;

/** Name of what is planted. */
const name = 'planted';

/**
 * Puts a text into each of some parts of stores, as what lies there has it, so that a scan which does not find it there
 * is known to be blind. Gives the names of these parts, without those into which nobody can put anything.
 */
export async function planted(text: string, parts: readonly Store[]) {
  const digs = new Map<string, Dig>();
  for (const { name: part, place } of parts) {
    const dig = await plantIn(place, text);
    if (dig !== undefined) digs.set(part, dig);
  }
  return {
    names: [...digs.keys()].sort(),
    dig: async () => {
      for (const dig of digs.values()) await dig();
    },
  };
}

async function plantIn(place: Store['place'], text: string): Promise<Dig | undefined> {
  switch (place.in) {
    case 'profile table':
      return plantItem(`${place.partitions[0]}${name}`, text);
    case 'lake bucket':
      // A name that ends so is a folder of a browser's console, and no file of an import.
      return plantObject(stackOutput('lakeBucket'), `${place.prefixes[0]}${name}/`, text);
    case 'lake tables':
      return plantObject(
        stackOutput('lakeBucket'),
        `${lakePrefix.tables}${name}/${place.tables[0]}/data/${name}`,
        text,
      );
    case 'template':
      return inTemplate[place.type]?.(text);
    default:
      return undefined;
  }
}

const inTemplate: Readonly<Record<string, (text: string) => Promise<Dig>>> = {
  'Logs::LogGroup': plantLine,
  'S3::Bucket': async (text) => plantObject((await accessLogBuckets())[0] ?? '', name, text),
  'SecretsManager::Secret': async (SecretString) => {
    await secrets.send(new CreateSecretCommand({ Name: name, SecretString }));
    return () => secrets.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
  },
  'SSM::Parameter': async (Value) => {
    await ssm.send(new PutParameterCommand({ Name: `/${name}`, Value, Type: 'String' }));
    return () => ssm.send(new DeleteParameterCommand({ Name: `/${name}` }));
  },
};

async function plantItem(pk: string, text: string): Promise<Dig> {
  const [TableName, Key] = [stackOutput('profileTable'), { pk, sk: name }];
  await documents.send(new PutCommand({ TableName, Item: { ...Key, text } }));
  return () => documents.send(new DeleteCommand({ TableName, Key }));
}

async function plantObject(Bucket: string, Key: string, text: string): Promise<Dig> {
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: gzipSync(text) }));
  return () => s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
}

async function plantLine(message: string): Promise<Dig> {
  const { logGroups: [group] = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const stream = { logGroupName: group?.logGroupName, logStreamName: name };
  await logs.send(new CreateLogStreamCommand(stream));
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message }] }));
  return () => logs.send(new DeleteLogStreamCommand(stream));
}
