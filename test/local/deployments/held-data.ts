import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GlueClient, paginateGetTables } from '@aws-sdk/client-glue';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import type { StackOutputs } from '../../../local/platform/deployment.ts';
import { required } from '../../../local/platform/stack-outputs.ts';

/** Everything that a deployment holds, each thing with what would be another if it had changed. */
export interface HeldData {
  readonly items: Readonly<Record<string, string>>;
  readonly secrets: readonly (string | undefined)[];
  readonly objects: Readonly<Record<string, string | undefined>>;
  /** Of each table in the catalog, the file that says what is in it. */
  readonly tables: Readonly<Record<string, string | undefined>>;
}

/** The counted tries of a failed delivery. One that is under way when its stack is deleted still writes its count. */
const countedTries = /^delivery#[^#]+#tries#/;

/** Reads all that a deployment holds, but for counted tries: items, secrets, objects, and the catalog's tables. */
export async function heldBy(emulatorUrl: string, stack: StackOutputs): Promise<HeldData> {
  const where = clientSettings(emulatorUrl);
  const secrets = new SecretsManagerClient(where);
  const secretIds = [output.identifierKeySecret, output.accessTokensSecret, output.adminTokensSecret];
  return {
    items: await itemsOf(new DynamoDBClient(where), required(stack, output.profileTable)),
    secrets: await Promise.all(
      secretIds.map(
        async (id) => (await secrets.send(new GetSecretValueCommand({ SecretId: required(stack, id) }))).SecretString,
      ),
    ),
    objects: await objectsOf(new S3Client({ ...where, forcePathStyle: true }), [
      required(stack, output.lakeBucket),
      required(stack, output.failedBatchBucket),
    ]),
    tables: await tablesOf(new GlueClient(where), required(stack, output.database)),
  };
}

async function itemsOf(client: DynamoDBClient, TableName: string): Promise<Record<string, string>> {
  const items: Record<string, string> = {};
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    for (const item of Items)
      if (!countedTries.test(item.pk?.S ?? '')) items[`${item.pk?.S} ${item.sk?.S}`] = JSON.stringify(item);
  return items;
}

async function objectsOf(client: S3Client, buckets: readonly string[]): Promise<Record<string, string | undefined>> {
  const objects: Record<string, string | undefined> = {};
  for (const Bucket of buckets)
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
      for (const { Key, ETag } of Contents) objects[`${Bucket}/${Key}`] = ETag;
  return objects;
}

async function tablesOf(client: GlueClient, DatabaseName: string): Promise<Record<string, string | undefined>> {
  const tables: Record<string, string | undefined> = {};
  for await (const { TableList = [] } of paginateGetTables({ client }, { DatabaseName }))
    for (const { Name = '', Parameters } of TableList)
      if (Parameters?.metadata_location !== undefined) tables[Name] = Parameters.metadata_location;
  return tables;
}
