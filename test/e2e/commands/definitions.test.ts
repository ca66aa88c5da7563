import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { newsAbout } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { registerNow } from '../observed/registry.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';
import { type Configuration, withConfiguration } from '../platform/other-configuration.ts';

const counts = [2, 3, 4, 5, 6];
const people = counts.map((count) => unique(`ordered-${count}`));
const decided = ['stitch', 'tend'] as const;

/** What the destination has been told of each, in order. */
const told = () =>
  Promise.all(
    people.map(async (userId) => (await newsAbout(userId, 'repeat_buyers')).map(({ change }) => change).join(', ')),
  );
const memberships = () => Promise.all(people.map(async (userId) => (await profileOf(`user_id:${userId}`)).segments));
const editing = (threshold: number) => (config: Configuration) => ({
  ...config,
  segments: [
    ...config.segments.map((segment) =>
      segment.key === 'repeat_buyers'
        ? { ...segment, where: { trait: 'order_count', operator: 'atLeast', value: threshold } }
        : segment,
    ),
    { key: 'fans', name: 'Ordered six times', where: { trait: 'order_count', operator: 'atLeast', value: 6 } },
  ],
});
const nobody = {
  all: ['exists', 'missing'].map((operator) => ({ trait: 'email', operator })),
};
/** As the guide says to do before a segment is deleted, so that destinations learn who exits; the new one is gone. */
const emptying = (config: Configuration) => ({
  ...config,
  segments: config.segments.map((segment) =>
    segment.key === 'repeat_buyers' ? { ...segment, where: nobody } : segment,
  ),
});

/** People of other tests may be on the platform, too. */
const atLeast = (count: number) => expect.toSatisfy((found: number) => found >= count, `at least ${count}`);
const effects = {
  repeat_buyers: { entered: 0, exited: atLeast(2) },
  fans: { entered: atLeast(1), exited: 0 },
};

it('definitions that change: who enters and exits by them does so once, and members of a removed segment exit', async () => {
  for (const [n, userId] of people.entries())
    await post('/v1/identify', { userId, traits: { order_count: counts[n] } });
  await eventually(async () => expect(await told()).toEqual(['', 'entered', 'entered', 'entered', 'entered']));

  const original: Configuration = JSON.parse(JSON.stringify(config));
  await withConfiguration(editing(5), decided, async (run) => {
    const undeployed = run('segment', 'apply', '--confirm');
    await expect(undeployed).rejects.toThrow('does not define the segments and computed traits that are deployed');
    await registerNow(editing(5)(original));
    const segment = async (...args: string[]) => JSON.parse(await run('segment', ...args, '--json'));
    const planned = await segment('preview');
    expect(planned.segments).toMatchObject(effects);
    expect(await memberships()).toEqual(expect.not.arrayContaining([['fans']]));
    const applied = await segment('apply', '--confirm');
    expect(applied.segments).toMatchObject(effects);
    expect(await segment('apply')).toMatchObject({ written: 0, outdated: 0 });
    expect(await memberships()).toEqual([[], [], [], ['repeat_buyers'], ['fans', 'repeat_buyers']]);
    await eventually(async () =>
      expect(await told()).toEqual(['', 'entered, exited', 'entered, exited', 'entered', 'entered']),
    );
  });

  await withConfiguration(emptying, decided, async (run) => {
    await registerNow(emptying(original));
    const applied = JSON.parse(await run('segment', 'apply', '--confirm', '--json'));
    expect(applied.segments).toMatchObject({
      repeat_buyers: { entered: 0, exited: atLeast(2) },
      fans: { exited: atLeast(1) },
    });
    expect(await memberships()).toEqual([[], [], [], [], []]);
    await eventually(async () => expect(await told()).toEqual(['', ...counts.slice(1).map(() => 'entered, exited')]));
  });
  await registerNow(original);
}, 300_000);
