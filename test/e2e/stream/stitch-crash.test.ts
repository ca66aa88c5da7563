import { expect, it } from 'vitest';
import { attemptsAbout, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { allItems, type Item, profilesWith } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { untilStitched } from '../observed/stream-order.ts';
import { findFunction } from '../platform/functions.ts';
import { killWorkers } from '../platform/worker-process.ts';
import { type Crowd, newCrowd } from './crowd.ts';

it('killing the stitch worker in mid-batch, and sending the batch twice, changes no profile', async () => {
  const crowd = await crashInMidBatch();
  await eventually(async () => expect(await profilesOf(crowd)).toEqual(expectedOf(crowd)), { within: 60_000 });
  const applied = await itemsOf(crowd);
  expect(applied.size).toBeGreaterThan(crowd.profiles.size);

  await sendAll(crowd.batch);
  await untilStitched('after-the-repetition');
  expect(await itemsOf(crowd)).toEqual(applied);
  for (const userId of crowd.readers)
    await eventually(async () => expect(news(await attemptsAbout(userId))).toEqual(['newsletter entered']));
});

const maxTries = 5;

/**
 * Kills the worker once it has written somebody; does it again with another crowd when it had written everybody by
 * then.
 */
async function crashInMidBatch(): Promise<Crowd> {
  const stitch = await findFunction('stitch');
  for (let attempt = 1; attempt <= maxTries; attempt++) {
    const crowd = newCrowd(`crash-${attempt}`);
    await sendAll(crowd.strangers);
    await untilStitched(`before-crash-${attempt}`);
    await sendAll(crowd.batch);
    const written = () => profilesWith(`user_id:${crowd.prefix}`);
    await eventually(async () => expect(await written()).not.toEqual([]), { every: 20 });
    const killed = await killWorkers(stitch);
    const { length } = await written();
    console.log(`killed ${killed} worker when ${length} of ${crowd.profiles.size} profiles were written`);
    if (killed > 0 && length < crowd.profiles.size) return crowd;
  }
  throw new Error(`in ${maxTries} batches the worker was never killed in mid-batch`);
}

async function sendAll(batch: readonly object[]): Promise<void> {
  expect(await post('/v1/batch', { batch })).toMatchObject({ status: 200, text: '{"success":true}' });
}

async function profilesOf({ prefix, profiles }: Crowd): Promise<Map<string, object>> {
  const found = await profilesWith(`user_id:${prefix}`);
  const userIdOf = (identifiers: readonly string[]) =>
    identifiers.find((id) => id.startsWith('user_id:'))?.slice('user_id:'.length) ?? '';
  expect(found).toHaveLength(profiles.size);
  return new Map(found.map(({ profileId: _, version: __, ...profile }) => [userIdOf(profile.identifiers), profile]));
}

const expectedOf = ({ profiles }: Crowd): Map<string, object> => new Map(profiles);

/** Whatever the table holds of a crowd: profiles, those that became part of them, and who owns which identifier. */
async function itemsOf({ prefix }: Crowd): Promise<Map<string, Item>> {
  const items = await allItems();
  const live = new Set((await profilesWith(`user_id:${prefix}`)).map(({ profileId }) => profileId));
  const merged = [...items.values()]
    .filter(({ mergedInto }) => live.has(String(mergedInto)))
    .map(({ profileId }) => String(profileId));
  const theirs = new Set([...live, ...merged]);
  return new Map([...items].filter(([, { profileId }]) => theirs.has(String(profileId))));
}
