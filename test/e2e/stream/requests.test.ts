import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { allItems, profileOf } from '../observed/profiles.ts';
import { basic, post } from '../observed/requests.ts';
import { asOwner, platform, stackOutput, unique } from '../platform/deployment.ts';
import { findFunction, logSince } from '../platform/functions.ts';

const lambda = new LambdaClient(asOwner);
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));

/** Files an erasure by the admin API. */
async function fileErasure(userId: string): Promise<string> {
  const subject_request_id = randomUUID();
  const subject_identities = [
    { identity_type: 'controller_customer_id', identity_value: userId, identity_format: 'raw' },
  ];
  const answer = await fetch(`${platform.adminUrl}/v1/requests`, {
    method: 'POST',
    headers: { authorization: basic(platform.adminToken) },
    body: JSON.stringify({
      ...{ subject_request_id, subject_request_type: 'erasure', regulation: 'gdpr', subject_identities },
      submitted_time: new Date().toISOString(),
    }),
  });
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({
    status: 201,
    body: { request_status: 'in_progress' },
  });
  return subject_request_id;
}

/** Writes the receipts of a request into a file, which is verified by itself, and is not once a digit was changed. */
async function verifiedReceipts(requestId: string): Promise<void> {
  const file = join(platform.stateDirectory, `${requestId}.json`);
  await npmRun('privacy', 'receipts', requestId, '--to', file, '--local');
  const key = (await npmRun('privacy', 'key', '--local')).stdout.trim();
  const { stdout } = await npmRun('privacy', 'verify', file, '--key', key);
  expect(stdout).toContain('1. profiles and what merged into them: emptied, found 1,');
  expect(stdout).toMatch(/identifiers: emptied, found 2,[\s\S]* open: raw events: its time/);
  await writeFile(file, (await readFile(file, 'utf8')).replace('"found": 2', '"found": 3'));
  await expect(npmRun('privacy', 'verify', file)).rejects.toMatchObject({
    stderr: expect.stringContaining('NOT TO BE TRUSTED: the signature of the file is wrong'),
  });
}

it('an erasure whose time has come goes on by the function that a schedule starts every hour', async () => {
  const userId = unique('forgotten');
  await post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, newsletter: true } });
  const { profileId } = await eventually(() => profileOf(`user_id:${userId}`));
  const requestId = await fileErasure(userId);
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
  await dynamo.send(
    new UpdateCommand({
      TableName: stackOutput('profileTable'),
      Key: { pk: 'request#', sk: requestId },
      UpdateExpression: 'SET deleteAfter = :now',
      ExpressionAttributeValues: { ':now': new Date(began).toISOString() },
    }),
  );
  const { request, profile } = await runs();
  expect(request).toMatchObject({ state: 'waiting', tableEmptiedAt: expect.any(String) });
  expect(profile).toBeUndefined();
  await verifiedReceipts(requestId);
  expect(await logSince({ name: FunctionName, ...fn }, began)).not.toContain(userId);
});
