import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { erasureFile } from '../../../lambdas/core/contract/storage.ts';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { allItems, profileOf } from '../observed/profiles.ts';
import { basic, post } from '../observed/requests.ts';
import { asOwner, platform, stackOutput, unique } from '../platform/deployment.ts';
import { findFunction, logSince } from '../platform/functions.ts';

const lambda = new LambdaClient(asOwner);
const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));

/** Files a request by the admin API. */
async function fileRequest(userId: string, type: string): Promise<{ id: string; status: unknown }> {
  const subject_request_id = randomUUID();
  const subject_identities = [
    { identity_type: 'controller_customer_id', identity_value: userId, identity_format: 'raw' },
  ];
  const answer = await fetch(`${platform.adminUrl}/v1/requests`, {
    method: 'POST',
    headers: { authorization: basic(platform.adminToken) },
    body: JSON.stringify({
      ...{ subject_request_id, subject_request_type: type, regulation: 'gdpr', subject_identities },
      submitted_time: new Date().toISOString(),
    }),
  });
  expect(answer.status).toBe(201);
  const { request_status } = (await answer.json()) as { request_status: unknown };
  return { id: subject_request_id, status: request_status };
}

/** Writes the receipts of a request into a file, which is verified by itself, and is not once a digit was changed. */
async function verifiedReceipts(requestId: string, open: string): Promise<void> {
  const file = join(platform.stateDirectory, `${requestId}.json`);
  await npmRun('privacy', 'receipts', requestId, '--to', file, '--local');
  const key = (await npmRun('privacy', 'key', '--local')).stdout.trim();
  const { stdout } = await npmRun('privacy', 'verify', file, '--key', key);
  expect(stdout).toContain('1. profiles and what merged into them: emptied, found 1,');
  expect(stdout).toContain('identifiers: emptied, found 2,');
  expect(stdout).toContain(` open: ${open}: its time`);
  await writeFile(file, (await readFile(file, 'utf8')).replace('"found": 2', '"found": 3'));
  await expect(npmRun('privacy', 'verify', file)).rejects.toMatchObject({
    stderr: expect.stringContaining('NOT TO BE TRUSTED: the signature of the file is wrong'),
  });
}

/** Moves a request in time: what it noted is overwritten. */
const note = (requestId: string, times: Readonly<Record<string, string>>) =>
  dynamo.send(
    new UpdateCommand({
      TableName: stackOutput('profileTable'),
      Key: { pk: 'request#', sk: requestId },
      UpdateExpression: `SET ${Object.keys(times)
        .map((name) => `${name} = :${name}`)
        .join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(Object.entries(times).map(([name, at]) => [`:${name}`, at])),
    }),
  );

const proof = { Bucket: stackOutput('lakeBucket'), Key: erasureFile };
const prove = (text: string) => s3.send(new PutObjectCommand({ ...proof, Body: text }));
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

it('an erasure whose time has come goes on by the function that a schedule starts every hour', async () => {
  const userId = unique('forgotten');
  await post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, newsletter: true } });
  const { profileId } = await eventually(() => profileOf(`user_id:${userId}`));
  const { id: requestId, status } = await fileRequest(userId, 'erasure');
  expect(status).toBe('in_progress');
  const { name: FunctionName, ...fn } = await findFunction('requests');
  const runs = async () => {
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
    expect(FunctionError, Buffer.from(Payload ?? []).toString()).toBeUndefined();
    const items = await allItems();
    return { request: items.get(`request# ${requestId}`), profile: items.get(`profile#${profileId} state`) };
  };

  const early = await runs();
  expect(early.request).toMatchObject({ state: 'waiting' });
  expect(early.request).not.toHaveProperty('tableEmptiedAt');
  expect(early.profile).toBeDefined();

  const began = Date.now();
  await note(requestId, { deleteAfter: new Date(began).toISOString() });
  const { request, profile } = await runs();
  expect(request).toMatchObject({ state: 'waiting', tableEmptiedAt: expect.any(String) });
  expect(profile).toBeUndefined();
  await verifiedReceipts(requestId, 'raw events');
  expect(await logSince({ name: FunctionName, ...fn }, began)).not.toContain(userId);

  // Weeks later, by its times: the lake's eraser says what it did, and nothing that is no proof passes for one.
  await note(requestId, { erasedAt: daysAgo(41), tableEmptiedAt: daysAgo(40) });
  const invoked = async () => (await lambda.send(new InvokeCommand({ FunctionName }))).FunctionError;
  try {
    await prove('{"version": 2}');
    expect(await invoked()).toBe('Unhandled');
    expect((await npmRun('privacy', 'show', requestId, '--local')).stdout).toMatch(
      /waits +events of the lake: the lake’s eraser, whose proof cannot be read: .*: version: /,
    );
    const run = { startedAt: daysAgo(37), endedAt: daysAgo(36), upTo: daysAgo(40) };
    await prove(JSON.stringify({ version: 1, runs: [run], cleanedBefore: daysAgo(30) }));
    const { request: proven } = await runs();
    const { receipts } = proven as { receipts: readonly { store: string; ended: string; evidence: string }[] };
    const evidence = expect.stringContaining(`ran from ${run.startedAt} to ${run.endedAt}`);
    for (const store of ['events of the lake', 'marts about people', 'marts of counts'])
      expect(receipts).toContainEqual(expect.objectContaining({ store, ended: 'emptied', evidence }));
    await verifiedReceipts(requestId, 'the lake bucket’s other versions, and files of its tables');
  } finally {
    await s3.send(new DeleteObjectCommand(proof));
  }
});

it('an opt-out takes the way of events, is completed when the profile has it, and has a receipt', async () => {
  const userId = unique('refuses');
  const consent = { categoryPreferences: { advertising: true } };
  await post('/v1/identify', { userId, traits: { email: `${userId}@example.com` }, context: { consent } });
  const { profileId } = await eventually(() => profileOf(`user_id:${userId}`));
  const { id } = await fileRequest(userId, 'opt_out');
  const { name: FunctionName } = await findFunction('requests');
  const done = await eventually(async () => {
    await lambda.send(new InvokeCommand({ FunctionName }));
    const request = (await allItems()).get(`request# ${id}`);
    expect(request).toMatchObject({ state: 'completed' });
    return request;
  });
  expect(done).not.toHaveProperty('calls');
  const profile = (await allItems()).get(`profile#${profileId} state`);
  expect(JSON.stringify(profile)).toContain('sale_or_share');
  const file = join(platform.stateDirectory, `${id}.json`);
  await npmRun('privacy', 'receipts', id, '--to', file, '--local');
  expect((await npmRun('privacy', 'verify', file)).stdout).toContain('opted out, found 1');
});

it('a request that calls somebody back is refused, unless the configuration says who calls', async () => {
  const file = npmRun('privacy', 'file', 'access', 'user_id:nobody', '--callback', 'https://tool.example/', '--local');
  await expect(file).rejects.toMatchObject({
    stderr: expect.stringContaining('set privacy.openDsrDomain in cdp.config.ts'),
  });
});
