import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import { deadLettersUrl } from '../commands/redrive.ts';
import { run } from '../npm-run.ts';
import { attemptsAbout, failFor, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { identityLog, quarantined, rawEvents } from '../observed/lake.ts';
import { type Item, plant, profileOf } from '../observed/profiles.ts';
import { boundTries, deliveryQueue } from '../observed/queues.ts';
import { post } from '../observed/requests.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';
import { whileGivingUp } from '../platform/giving-up.ts';
import { callsOf, founding, refusedCall } from './calls.ts';
import { letters } from './passing-pieces.ts';
import { began, eve, markers, mate, sam, samsEmail, samsMail, shared } from './people.ts';
import { versions } from './pieces.ts';
import { withOneOf } from './stores-with.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const sqs = new SQSClient(asOwner);
const { short, long } = markers;
/** Segments that she is in by aggregates of her events. */
const byAggregates = ['vips', 'first_purchase_this_week'];
const toldThat = (change: string) =>
  eventually(async () =>
    expect(news(await attemptsAbout(short))).toEqual(
      expect.arrayContaining(byAggregates.map((segment) => `${segment} ${change}`)),
    ),
  );

/** Waits until her destination knows that she left. */
export const toldOfExit = () => toldThat('exited');

/** Everybody comes, a clerk makes two people one, and an operator parts them again. */
export async function everybodyComes(): Promise<void> {
  const calls = callsOf(markers, shared);
  const eves = { type: 'identify', userId: eve, messageId: eve, traits: { city: 'Oslo' } };
  await post('/v1/batch', { batch: [...calls.slice(0, founding), eves] });
  await eventually(() => profileOf(`anonymous_id:${long}-laptop`));
  const mates = { userId: mate, anonymousId: shared.tablet, messageId: mate, event: 'Looked' };
  const sams = { type: 'identify', anonymousId: `${sam}-phone`, messageId: sam, traits: { email: samsMail } };
  await post('/v1/batch', {
    batch: [...calls.slice(founding), refusedCall(markers), { type: 'track', ...mates }, sams],
  });
  await eventually(() => profileOf(samsEmail));
  const mixed = { userId: short, messageId: `${long}-mixed`, traits: { email: samsMail, nickname: long } };
  await post('/v1/identify', mixed);
  await eventually(async () => expect(await profileOf(samsEmail)).toMatchObject({ mergeCount: 3 }));
  const { merges } = JSON.parse(await run('explain', samsEmail, '--json'));
  const [{ absorbed }] = merges.filter(({ messageId }: { messageId: string }) => messageId === mixed.messageId);
  await run('unmerge', absorbed, '--yes');
  expect(await profileOf(samsEmail)).toMatchObject({ profileId: absorbed, mergeCount: 0 });
  const { segments } = await profileOf(`user_id:${short}`);
  expect(segments).toEqual(expect.arrayContaining(byAggregates));
  await toldThat('entered');
}

/** Has the profile table lack an identifier of hers, until a comparison mends it; gives what waits for that. */
export async function differ(): Promise<() => Promise<void>> {
  const lacked = `ios.idfa:${long}-ad`;
  const { profileId, identifiers } = await profileOf(`user_id:${short}`);
  expect(identifiers).toContain(lacked);
  const others = (item: Item) => JSON.parse(String(item.identifiers)).filter(([id]: [string]) => id !== lacked);
  await plant(profileId, (item) => ({ ...item, identifiers: JSON.stringify(others(item)) }));
  return () => eventually(async () => expect((await profileOf(`user_id:${short}`)).identifiers).toEqual(identifiers));
}

/** Throws all dead letters of the destination away, as their time does: only reading one says about whom it is. */
export const dropLetters = async () => sqs.send(new PurgeQueueCommand({ QueueUrl: await deadLettersUrl() }));

/** A destination that failed rests before it is told more. */
const patience = { within: 240_000 };

/** Puts a line of hers into the raw zone that collect refuses today: the lake keeps it apart. */
async function leaveOldLine(): Promise<void> {
  const now = new Date().toISOString();
  const stamps = { messageId: `${short}-old`, timestamp: now, receivedAt: now, sourceId: 'shop-backend' };
  const Key = `${lakePrefix.raw}${now.slice(0, 13).replaceAll(/[-T]/g, '/')}/${shared.firm}.gz`;
  const Body = gzipSync(`${JSON.stringify({ ...refusedCall(markers), ...stamps })}\n`);
  await s3.send(new PutObjectCommand({ Bucket: stackOutput('lakeBucket'), Key, Body }));
}

/** Of her, a delivery fails for good, and so do a batch of events and a line of the raw zone. */
export async function muchFails(): Promise<void> {
  await leaveOldLine();
  const queue = await deliveryQueue();
  await dropLetters();
  await boundTries(queue, 1);
  await failFor(short, 1_000);
  const order = { event: 'Order Completed', properties: { order_id: short, revenue: 5, currency: 'EUR' } };
  try {
    await post('/v1/track', { userId: short, messageId: `${short}-undelivered`, ...order });
    await eventually(async () => expect(await withOneOf([short], await letters())).not.toEqual([]), patience);
  } finally {
    await boundTries(queue, queue.redrivePolicy.maxReceiveCount);
    await failFor(short, 0);
  }
  await whileGivingUp('stitch', 'dynamodb:PutItem', async () => {
    await post('/v1/track', { userId: short, messageId: `${long}-given-up`, event: long });
    const batches = () => versions(stackOutput('failedBatchBucket'), began);
    await eventually(
      async () => expect(await withOneOf([`${long}-given-up`], await batches())).not.toEqual([]),
      patience,
    );
  });
}

/** Waits until the lake's bucket has everything that was said and decided. */
export const inLake = () =>
  eventually(async () => {
    const ids = new Set((await rawEvents()).map(({ messageId }) => messageId));
    for (const messageId of [mate, eve, sam, `${long}-mixed`, `${short}-undelivered`, `${long}-given-up`])
      expect([...ids]).toContain(messageId);
    expect(JSON.stringify(await quarantined())).toContain(short);
    expect(
      (await identityLog()).filter(({ kind, at }) => kind === 'unmerge' && Date.parse(String(at)) > began),
    ).not.toEqual([]);
  });

/** An analyst asks for everything of hers twice, and throws one of the results away. */
export async function analystAsks(): Promise<void> {
  for (const _ of [1, 2]) await run('query', `SELECT * FROM events WHERE user_id = '${short}'`);
  const results = (await versions(stackOutput('lakeBucket'), began)).filter(({ key }) =>
    /^athena-results.*csv$/.test(key),
  );
  const [thrown, kept] = await withOneOf([short], results);
  if (thrown === undefined || kept === undefined) throw new Error('no results of queries have her');
  await s3.send(new DeleteObjectCommand({ Bucket: thrown.bucket, Key: thrown.key }));
}
