import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { byHand } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';
import { run } from '../npm-run.ts';
import { asOwner } from '../platform/deployment.ts';
import { findFunction } from '../platform/functions.ts';
import { age, lakeProof, requestItem } from './request-times.ts';
import { changes } from './stream-pieces.ts';

/** Days after which no job reads an export from before the table was empty. */
const daysOfExports = 2;

const lambda = new LambdaClient(asOwner);

/** Has the hourly function go on with all requests; what this one is then. */
async function goOn(requestId: string) {
  const { name: FunctionName } = await findFunction('requests');
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
  expect(FunctionError, Buffer.from(Payload ?? []).toString()).toBeUndefined();
  return requestItem(requestId);
}

/** An erasure that no job has seen yet. */
export interface Filed {
  readonly requestId: string;
  /** Up to when it erases, ISO 8601. */
  readonly erasedAt: string;
  /** When the profile table had nothing of the person any more, ISO 8601. */
  readonly emptiedAt: string;
  /** Changes of the profile table until then, by their names. */
  readonly changed: ReadonlySet<string>;
}

/** Files the erasure of whoever has a user id, and ends it in the profile table once destinations were told. */
export async function fileErasure(userId: string, told: () => Promise<void>): Promise<Filed> {
  const [{ requestId }] = JSON.parse(await run('privacy', 'file', 'erasure', `user_id:${userId}`, '--yes', '--json'));
  await told();
  // Destinations are told for five hours; here they have passed.
  await age(requestId, 0, { deleteAfter: new Date().toISOString() });
  const { erasedAt, tableEmptiedAt } = await goOn(requestId);
  expect([erasedAt, tableEmptiedAt]).toEqual([expect.any(String), expect.any(String)]);
  return {
    requestId,
    erasedAt: String(erasedAt),
    emptiedAt: String(tableEmptiedAt),
    changed: await changedUntil(requestId),
  };
}

/** Changes of the profile table up to the one that says of a request that the table is empty. */
async function changedUntil(requestId: string): Promise<ReadonlySet<string>> {
  const all = await changes(0);
  const texts = await Promise.all(all.map(async ({ read }) => String(await read())));
  const noted = texts.findIndex((text) => text.includes(requestId) && text.includes('tableEmptiedAt'));
  expect(noted, 'the change that ends the profiles').toBeGreaterThan(0);
  return new Set(all.slice(0, noted + 1).map(({ where }) => where));
}

/** Has the jobs of the lake see an erasure, each once, and the last of them erase. */
export async function eraseInLake({ requestId, erasedAt, emptiedAt }: Filed): Promise<void> {
  // For the eraser they have passed, and not a moment more, so that no earlier run counts.
  await age(requestId, daysOfExports);
  for (const job of ['identities', 'profiles', 'marts']) await run('job', job);
  await run('job', 'maintain', '--argument', 'keep-days=0');
  const { runs } = (await lakeProof()).said;
  expect(runs.filter(({ startedAt }) => startedAt >= emptiedAt)).toEqual([expect.objectContaining({ upTo: erasedAt })]);
  expect(await goOn(requestId), 'older files are not gone yet').toMatchObject({ state: 'waiting' });
}

/** Lets the weeks pass in which everything goes by its time, and has a person empty what nothing else empties. */
export async function complete({ requestId }: Filed): Promise<void> {
  const proof = await lakeProof();
  try {
    await proof.age(40);
    await age(requestId, 40);
    for (const { name, erasedBy } of stores)
      if (erasedBy.startsWith(byHand)) await run('privacy', 'settle', requestId, name);
    await goOn(requestId);
    // What is made of the tables goes up to ten days after them.
    await age(requestId, 11);
    expect(await goOn(requestId)).toMatchObject({ state: 'completed' });
  } finally {
    await proof.restore();
  }
}
