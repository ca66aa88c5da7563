import { Analytics } from '@segment/analytics-node';
import { afterAll, expect, it } from 'vitest';
import { config as deployed } from '../../../cdp.config.ts';
import { newsAbout } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { registerNow, registryNow } from '../observed/registry.ts';
import { platform, unique } from '../platform/deployment.ts';
import { type Configuration, withConfiguration } from '../platform/other-configuration.ts';

const analytics = new Analytics({ writeKey: platform.writeKey, host: platform.ingestUrl, flushAt: 1 });
afterAll(() => analytics.closeAndFlush());

const event = unique('Gift Wrapped');
const names = ['wrapped-twice', 'wrapped-around', 'wrapped-lately', 'wrapped-once', 'never-wrapped'];
const [twice = '', around = '', lately = '', once = '', never = ''] = names.map(unique);
const everybody = [twice, around, lately, once, never];
const [phone, tablet] = [unique('wrapping-phone'), unique('wrapping-tablet')];

/** A segment that the destination is told of asks for events from now on. */
const redefined = (config: Configuration): Configuration => ({
  ...config,
  segments: [
    ...config.segments.filter(({ key }) => key !== 'repeat_buyers'),
    { key: 'repeat_buyers', name: 'Wrapped twice', where: { event, count: { operator: 'atLeast', value: 2 } } },
    {
      key: 'never_wrapped',
      name: 'Wraps nothing',
      where: { event, count: { operator: 'atMost', value: 0 }, window: { within: '30d' } },
    },
  ],
});

const wrap = (who: object): void => void analytics.track({ ...who, event } as Parameters<Analytics['track']>[0]);
const countOf = async (identifier: string): Promise<number> => (await profileOf(identifier)).eventCount;
const ours = ['never_wrapped', 'repeat_buyers'];
const segmentsOf = async (identifier: string): Promise<readonly string[]> =>
  (await profileOf(identifier)).segments.filter((key) => ours.includes(key));
const memberships = (people: readonly string[]) => Promise.all(people.map((userId) => segmentsOf(`user_id:${userId}`)));
const told = (people: readonly string[]) =>
  Promise.all(people.map(async (who) => (await newsAbout(who, 'repeat_buyers')).map(({ change }) => change)));
const isInLake = (userId: string, count: number) =>
  eventually(async () => expect((await rawEvents()).filter((one) => one.userId === userId)).toHaveLength(count));

it('a new definition gets its history: members are exact over old and new events, and announced once', async () => {
  for (const [userId, count] of [
    [twice, 2],
    [around, 1],
    [once, 1],
    [never, 0],
  ] as const) {
    analytics.identify({ userId, traits: { plan: 'free' } });
    for (let n = 0; n < count; n++) wrap({ userId });
    await eventually(async () => expect(await countOf(`user_id:${userId}`)).toBe(count + 1));
  }
  for (const anonymousId of [phone, tablet]) {
    wrap({ anonymousId });
    await eventually(async () => expect(await countOf(`anonymous_id:${anonymousId}`)).toBe(1));
  }
  const before = await registryNow();
  const original: Configuration = JSON.parse(JSON.stringify(deployed));
  await registerNow(redefined(original));

  await withConfiguration(redefined, ['stitch', 'tend'], async (run) => {
    const segment = async (...args: string[]) => JSON.parse(await run('segment', ...args, '--json'));
    wrap({ userId: around });
    for (const _ of [1, 2]) wrap({ userId: lately });
    await eventually(async () =>
      expect(await Promise.all([around, lately].map((id) => countOf(`user_id:${id}`)))).toEqual([3, 2]),
    );
    expect(await memberships(everybody)).toEqual([[], [], ['repeat_buyers'], [], []]);
    expect((await segment('preview')).waitingFor.segments).toEqual(ours);
    expect(await run('segment', 'status')).toContain('These lack their history');
    await Promise.all([isInLake(twice, 3), isInLake(around, 3), isInLake(once, 2)]);

    const half = await segment('apply', '--entries', '1', '--settle-minutes', '0');
    expect(half.stopped).toBe(true);
    const rest = await segment('apply', '--confirm', '--settle-minutes', '0');
    expect(rest).toMatchObject({ stopped: false, failed: 0, waiting: {} });
    expect(await memberships(everybody)).toEqual([
      ['repeat_buyers'],
      ['repeat_buyers'],
      ['repeat_buyers'],
      [],
      ['never_wrapped'],
    ]);
    expect(await segment('apply')).toMatchObject({ written: 0, outdated: 0 });
    const { generation, complete } = await registryNow();
    expect([generation, complete]).toEqual([before.generation + 1, before.generation + 1]);
    expect(await run('segment', 'status')).toContain('All definitions have their history');

    const owner = unique('wrapping-owner');
    analytics.identify({ userId: owner, anonymousId: phone });
    await eventually(async () => expect(await countOf(`user_id:${owner}`)).toBe(2));
    analytics.identify({ userId: owner, anonymousId: tablet });
    await eventually(async () => expect(await segmentsOf(`user_id:${owner}`)).toEqual(['repeat_buyers']));
    const [{ absorbed }] = JSON.parse(await run('explain', `user_id:${owner}`, '--json')).merges;
    await run('unmerge', absorbed, '--yes');
    const parted = [`user_id:${owner}`, `anonymous_id:${tablet}`];
    expect(await Promise.all(parted.map(segmentsOf))).toEqual([[], []]);

    await eventually(async () =>
      expect(await told([...everybody, owner])).toEqual([
        ...[['entered'], ['entered'], ['entered'], [], []],
        ['entered', 'exited'],
      ]),
    );
  });
  await registerNow(original);
}, 900_000);
