import { expect, it } from 'vitest';
import { attemptsAbout, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { allItems, plant, profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

/** A minute until the start, and what a busy machine takes. */
const soon = { within: 100_000, every: 1_000 };

it('a profile that is due is woken within about a minute, and its destinations are told', async () => {
  const userId = unique('due');
  await post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, newsletter: true } });
  const told = async () => (await attemptsAbout(userId)).length;
  await eventually(async () => expect(news(await attemptsAbout(userId))).toEqual(['newsletter entered']));
  const { profileId, version } = await profileOf(`user_id:${userId}`);
  const [before, dueAt] = [await told(), Math.floor(Date.now() / 1000) - 60];
  await plant(profileId, ({ segments: _, ...item }) => ({ ...item, dueShard: 7, dueAt }));
  const planted = Date.now();
  await eventually(async () => {
    const woken = await profileOf(`user_id:${userId}`);
    expect(woken).toMatchObject({ version: version + 1, segments: ['newsletter'] });
  }, soon);
  console.log(`woken ${Math.round((Date.now() - planted) / 1000)} s after it was due`);
  const item = (await allItems()).get(`profile#${profileId} state`);
  expect(Object.keys(item ?? {}).filter((name) => name.startsWith('due'))).toEqual([]);
  await eventually(async () => expect(await told()).toBe(before + 1));
});
