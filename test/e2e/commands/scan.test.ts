import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { byHand, byRequest } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';
import { npmRun } from '../npm-run.ts';
import { asOwner } from '../platform/deployment.ts';
import { findFunction } from '../platform/functions.ts';
import { textsOf } from '../scan/calls.ts';
import { expire } from '../scan/expiry.ts';
import { age, lakeProof, requestItem } from '../scan/request-times.ts';
import { type Found, storesWith, versionsIn } from '../scan/stores-with.ts';
import { analystAsks, began, everybodyComes, inLake, markers, muchFails, untouched } from '../scan/story.ts';
import { deadLettersUrl } from './redrive.ts';

const lambda = new LambdaClient(asOwner);
const sqs = new SQSClient(asOwner);
const run = async (script: string, ...args: string[]): Promise<string> =>
  (await npmRun(script, ...args, '--local')).stdout;
const scan = () => storesWith(textsOf(markers), began);

/** Stores that hold people, but nothing that this one says of herself, and why that is no gap. */
const without: Readonly<Record<string, string>> = {
  'privacy requests': 'keyed hashes and profile ids; the scan sees that no request names her',
  'files of attempts to deliver':
    'a keyed hash; test/e2e/commands/deliveries-command.test.ts sees that nobody is named',
  'attempts to deliver': 'the same hashes, which their time takes away',
  'logs of functions, jobs, deliveries and APIs': 'the scan sees that no line names her',
  'the list of barriers': 'parts of keyed hashes; the scan sees that it names nobody',
  'marts of counts': 'numbers; the scan sees that no file names her',
  'identity decisions that Firehose could not write': 'made when Firehose refuses; they go as raw events do',
  'histories of new definitions': 'made when a definition is new; they go a week after they are made',
  'files and rows of imports': 'of sources that have files; they go as raw events do',
  'records of sources': 'of sources whose rows are records, and emptied by hand',
  'buffers of Firehose': 'nobody can look into them; all lines of hers are in the lake before the scan',
};
/** Streams, of which nothing can be deleted: what came before the table was empty goes by their time. */
const streams = ['the event stream', 'the profile table, its stream and its backups'];

const hers = stores.filter(
  ({ name, holds, erasedBy }) => holds !== undefined && !(name in without) && !erasedBy.startsWith(byHand),
);
/** Stores in which the scan must see her, or it sees nothing. */
const expected = hers.map(({ name }) => name).sort();
/** Those that nothing empties before their time. */
const passing = hers.flatMap(({ name, days, erasedBy }) =>
  days !== undefined && !erasedBy.startsWith(byRequest) ? [name] : [],
);
const found = (all: Found): string[] => [...all].flatMap(([store, { length }]) => (length > 0 ? [store] : [])).sort();

/** Has the hourly function go on with all requests; what this one is then. */
async function goOn(requestId: string) {
  const { name: FunctionName } = await findFunction('requests');
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName }));
  expect(FunctionError, Buffer.from(Payload ?? []).toString()).toBeUndefined();
  return requestItem(requestId);
}

/** Files her erasure, and ends it in the table and in the lake; the id of the request, and when the table was empty. */
async function erased() {
  const [{ requestId }] = JSON.parse(
    await run('privacy', 'file', 'erasure', `user_id:${markers.short}`, '--yes', '--json'),
  );
  // Destinations are told for five hours; here they have passed.
  await age(requestId, 0, { deleteAfter: new Date().toISOString() });
  const { tableEmptiedAt } = await goOn(requestId);
  // No job reads an export from before two days ago; here they read it, and its days have passed for the eraser.
  await age(requestId, 3);
  await run('job', 'identities');
  await run('job', 'profiles', '--argument', 'report=true');
  await run('job', 'marts');
  // Files that the first run replaces are older than the second.
  for (const _ of [1, 2]) await run('job', 'maintain', '--argument', 'keep-days=0');
  return { requestId, emptied: Date.parse(String(tableEmptiedAt)) };
}

/** Lets the weeks pass in which everything goes by its time, and has a person empty what nothing else empties. */
async function completed(requestId: string): Promise<void> {
  const proof = await lakeProof();
  try {
    await proof.age(40);
    await age(requestId, 40);
    for (const { name, erasedBy } of stores)
      if (erasedBy.startsWith(byHand)) await run('privacy', 'settle', requestId, name);
    await goOn(requestId);
    // The earlier versions go days after the tables.
    await age(requestId, 5);
    expect(await goOn(requestId)).toMatchObject({ state: 'completed' });
  } finally {
    await proof.restore();
  }
}

it('nothing of an erased person is in any store, and all of everybody else', async () => {
  await everybodyComes();
  await muchFails();
  await inLake();
  await run('compare', '--report', '--settle-minutes', '0');
  await run('job', 'marts');
  await analystAsks();
  const others = await untouched();
  expect(Object.keys(without).filter((name) => stores.every((store) => store.name !== name))).toEqual([]);
  expect(found(await scan()), 'a scan that cannot see proves nothing').toEqual(expected);

  const { requestId, emptied } = await erased();
  const left = await scan();
  expect(found(left).filter((store) => !passing.includes(store))).toEqual([]);
  await expire(versionsIn(left));
  // Letters go by their time, too; nobody can say of whom they are but by reading them.
  await sqs.send(new PurgeQueueCommand({ QueueUrl: await deadLettersUrl() }));
  await completed(requestId);
  const from = (store: string) => (streams.includes(store) ? emptied : 0);
  const stay = [...(await scan())].flatMap(([store, pieces]) =>
    pieces.filter(({ at }) => at >= from(store)).map(({ where }) => `${store}: ${where}`),
  );
  expect(stay).toEqual([]);
  expect(await untouched()).toEqual(others);
}, 1_200_000);
