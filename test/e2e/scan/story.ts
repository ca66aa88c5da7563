import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { deadLettersUrl, redrive } from '../commands/redrive.ts';
import { run } from '../npm-run.ts';
import { failFor } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { identityLog, quarantined, rawEvents } from '../observed/lake.ts';
import { allItems, profileOf } from '../observed/profiles.ts';
import { boundTries, deliveryQueue } from '../observed/queues.ts';
import { post } from '../observed/requests.ts';
import { asOwner, stackOutput, unique } from '../platform/deployment.ts';
import { whileGivingUp } from '../platform/giving-up.ts';
import { callsOf, founding, newMarkers, refusedCall } from './calls.ts';
import { letters } from './passing-pieces.ts';
import { versions } from './pieces.ts';
import { withOneOf } from './stores-with.ts';

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
const sqs = new SQSClient(asOwner);
const rows = async (sql: string): Promise<unknown> => JSON.parse(await run('query', `${sql} ORDER BY 1, 2`, '--json'));

/** When the story began: nobody said a marker before. */
export const began = Date.now();
/** What the person says who will be erased. */
export const markers = newMarkers();
const { short, long } = markers;
const own = (name: string): string => unique(`scan-${name}`);
const [mate, eve, sam] = [own('mate'), own('eve'), own('sam')];
const shared = { tablet: own('tablet'), firm: own('firm') };
const samsMail = `${sam}@example.com`;
const samsEmail = `email:${samsMail}`;

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
}

/** Throws all dead letters of the destination away, as their time does: only reading one says about whom it is. */
export const dropLetters = async () => sqs.send(new PurgeQueueCommand({ QueueUrl: await deadLettersUrl() }));

/** A destination that failed rests before it is told more. */
const patience = { within: 240_000 };

/** Of her, a delivery fails for good, and so does a batch of events. */
export async function muchFails(): Promise<void> {
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
    await eventually(async () => expect((await redrive()).places.get('stitch')?.count).toBeGreaterThan(0), patience);
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

/**
 * People who are not erased: their items, but what their last write announced, and their rows in the lake, but that
 * the erased person's device was kept out of a friend's profile, which names the device.
 */
export async function others() {
  const ids = await Promise.all([`user_id:${mate}`, `user_id:${eve}`, samsEmail].map((one) => profileOf(one)));
  const items = [...(await allItems()).values()].map(({ log: _logged, changes: _told, ...item }) => item);
  const theirs = ids.map(({ profileId }) => items.filter((item) => item.profileId === profileId));
  const quoted = ids.map(({ profileId }) => `'${profileId}'`).join(', ');
  const [events, log, mapped] = await Promise.all([
    rows(`SELECT * FROM events WHERE message_id IN ('${mate}', '${eve}', '${sam}')`),
    rows(`SELECT * FROM identity_log WHERE profile_id IN (${quoted}) AND kind <> 'drop'`),
    rows(`SELECT * FROM identity_map WHERE profile_id IN (${quoted})`),
  ]);
  return { theirs, events, log, mapped };
}
