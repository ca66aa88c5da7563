import { Analytics } from '@segment/analytics-node';
import { afterAll, expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { newsAbout } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { platform, unique } from '../platform/deployment.ts';

const analytics = new Analytics({ writeKey: platform.writeKey, host: platform.ingestUrl, flushAt: 1 });
afterAll(() => analytics.closeAndFlush());

const day = 86_400_000;
const [ann, phone] = [unique('merged-ann'), unique('merged-phone')];
const bob = `${unique('merged-bob')}@example.com`;
/** Milliseconds. Until then both must be one. */
const soon = 45_000;
const onTime = { within: soon + 100_000, every: 500 };

const told = async (who: string, segment: string) => (await newsAbout(who, segment)).map(({ change }) => change);
const shoes = { event: 'Product Viewed', properties: { category: 'shoes' } };
const countOf = async (identifier: string): Promise<number> => (await profileOf(identifier)).eventCount;
const segmentsOf = async (identifier: string): Promise<readonly string[]> => (await profileOf(identifier)).segments;

it('a merge and an unmerge change memberships rightly, at once and when they are due, and each change is told once', async () => {
  const turn = Date.now() + soon;
  const ago = (days: number): Date => new Date(Date.now() - days * day);
  analytics.track({ userId: ann, ...shoes, timestamp: ago(2) });
  analytics.page({ userId: ann, timestamp: ago(30) });
  await eventually(async () => expect(await told(ann, 'stopped_visiting')).toEqual(['entered']));
  analytics.identify({ anonymousId: phone, traits: { email: bob } });
  for (const days of [1, 3]) analytics.track({ anonymousId: phone, ...shoes, timestamp: ago(days) });
  analytics.page({ anonymousId: phone, timestamp: new Date(turn - 14 * day) });
  await eventually(async () => expect(await countOf(`email:${bob}`)).toBe(4));
  expect(await segmentsOf(`email:${bob}`)).toEqual([]);

  analytics.identify({ userId: ann, traits: { email: bob } });
  await eventually(async () => expect(await countOf(`user_id:${ann}`)).toBe(7));
  expect(await segmentsOf(`user_id:${ann}`)).toEqual(['browsed_shoes']);
  await eventually(async () => {
    expect(await told(ann, 'browsed_shoes')).toEqual(['entered']);
    expect(await told(ann, 'stopped_visiting')).toEqual(['entered', 'exited']);
  });
  expect(Date.now(), 'the machine is too slow for this test').toBeLessThan(turn);
  await eventually(
    async () => expect(await told(ann, 'stopped_visiting')).toEqual(['entered', 'exited', 'entered']),
    onTime,
  );
  const [, , again] = await newsAbout(ann, 'stopped_visiting');
  console.log(`entered by itself as one, told ${(((again?.at ?? 0) - turn) / 1000).toFixed(1)} s after it was due`);
  expect(again?.at).toBeGreaterThanOrEqual(turn);

  const why = JSON.parse((await npmRun('explain', `user_id:${ann}`, '--json', '--local')).stdout);
  const [{ absorbed }] = why.merges;
  await npmRun('unmerge', absorbed, '--yes', '--local');
  const parted = await Promise.all([segmentsOf(`user_id:${ann}`), segmentsOf(`email:${bob}`)]);
  expect(parted).toEqual([['stopped_visiting'], ['stopped_visiting']]);
  await eventually(async () => {
    expect(await told(ann, 'browsed_shoes')).toEqual(['entered', 'exited']);
    expect(await told(phone, 'stopped_visiting')).toEqual(['entered']);
  });
  console.log('after the unmerge', await told(ann, 'stopped_visiting'), await told(phone, 'browsed_shoes'));
}, 300_000);
