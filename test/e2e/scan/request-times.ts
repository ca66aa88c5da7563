import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { erasureFile } from '../../../lambdas/core/contract/storage.ts';
import { allItems, type Item } from '../observed/profiles.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const documents = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));
const proof = { Bucket: stackOutput('lakeBucket'), Key: erasureFile };

/** All times in a text, so many days earlier. */
const earlier = (text: string, days: number): string =>
  text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (time) =>
    new Date(Date.parse(time) - days * 86_400_000).toISOString(),
  );

/** The item of a privacy request. */
export async function requestItem(requestId: string): Promise<Item> {
  const item = (await allItems()).get(`request# ${requestId}`);
  if (item === undefined) throw new Error(`there is no request ${requestId}`);
  return item;
}

/** Moves a request in time, as if so many days had passed, and changes what it noted. */
export async function age(requestId: string, days: number, changed: object = {}): Promise<void> {
  const Item = { ...JSON.parse(earlier(JSON.stringify(await requestItem(requestId)), days)), ...changed };
  await documents.send(new PutCommand({ TableName: stackOutput('profileTable'), Item }));
}

/** A run of the lake's eraser, and up to which erasure it knew; times are ISO 8601. */
interface ErasingRun {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly upTo: string;
}

/**
 * What the lake's eraser says: moves it in time, as if so many days had passed and a run had then found that no file
 * has what the newest one deleted, and puts it back.
 */
export async function lakeProof() {
  const put = (Body: string) => s3.send(new PutObjectCommand({ ...proof, Body }));
  const { Body } = await s3.send(new GetObjectCommand(proof));
  const text = (await Body?.transformToString()) ?? '';
  const said = JSON.parse(text) as { readonly runs: readonly ErasingRun[] };
  const cleanedBefore = said.runs.at(-1)?.endedAt;
  return {
    said,
    age: (days: number) => put(earlier(JSON.stringify({ ...said, cleanedBefore }), days)),
    restore: () => put(text),
  };
}
