import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { byHand } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';
import { run } from '../npm-run.ts';
import { asOwner } from '../platform/deployment.ts';
import { findFunction } from '../platform/functions.ts';
import { age, lakeProof, requestItem } from './request-times.ts';

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
  /** When the profile table had nothing of the person any more, milliseconds since 1970. */
  readonly emptied: number;
}

/** Files the erasure of whoever has a user id, and ends it in the profile table. */
export async function fileErasure(userId: string): Promise<Filed> {
  const [{ requestId }] = JSON.parse(await run('privacy', 'file', 'erasure', `user_id:${userId}`, '--yes', '--json'));
  // Destinations are told for five hours; here they have passed.
  await age(requestId, 0, { deleteAfter: new Date().toISOString() });
  const { tableEmptiedAt } = await goOn(requestId);
  expect(tableEmptiedAt).toEqual(expect.any(String));
  return { requestId, emptied: Date.parse(String(tableEmptiedAt)) };
}

/** Has the jobs of the lake see an erasure, each once, and the last of them erase. */
export async function eraseInLake({ requestId }: Filed): Promise<void> {
  // No job reads an export from before two days ago; for the eraser its days have passed.
  await age(requestId, 3);
  for (const job of ['identities', 'profiles', 'marts']) await run('job', job);
  await run('job', 'maintain', '--argument', 'keep-days=0');
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
