import { expect, it } from 'vitest';
import { platformSource } from '../../lambdas/core/contract/signals.ts';
import type { Event } from '../../lambdas/core/events/event.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import { identityOperator } from '../../lambdas/operations/identity.ts';
import { eventOf, minute } from '../fixtures/events.ts';
import { after, changed, cut, eventsOf, frozen, type Platform } from './changing-platform.ts';

type Act = Parameters<typeof eventsOf>[0][number];
const bought = (at: number, device = 0): Act => ({ at, person: 0, device, does: 'Bought' });
const login = (at: number, device: number): Act => ({ at, person: 0, device, does: 'login' });

/** A correction that takes all identifiers from everybody whom the platform knows. */
const releases = ({ table }: Platform, n: number): Event[] =>
  table.live().map((profile) => {
    const identifiers = [...profile.identifiers.keys()];
    const { version } = table.items.get(profile.profileId) ?? { version: 0 };
    const state = { profileId: profile.profileId, version, released: identifiers, forgotten: [], traits: [] };
    return eventOf({
      ...{ type: 'track', event: 'Profile Corrected', messageId: `c${n}`, anonymousId: 'platform' },
      ...{ sourceId: platformSource, timestamp: minute(frozen + n), receivedAt: minute(frozen + n) },
      properties: { collection: 'users', identifiers, profile: state },
    });
  });

it.each([
  { name: 'lives', acts: [bought(1), bought(2)], merges: [] },
  { name: 'merged before', acts: [bought(1), bought(2, 1), login(3, 0), login(4, 1)], merges: [] },
  {
    name: 'merged since',
    acts: [bought(1), bought(2), bought(3, 1)],
    merges: [login(frozen + 1, 0), login(frozen + 2, 1)],
  },
])('a history comes to a profile that has no identifier any more and $name, once', async ({ acts, merges }) => {
  const platform = await changed(eventsOf(acts));
  await platform.apply(after, { isDry: true });
  const ids = new Map(
    [...platform.table.owners].map(([name, profileId]) => [name.replace('users ', ''), profileId] as const),
  );
  const lines = (platform.files.get('lines') as string[]).map((line) => JSON.parse(line));
  platform.files.set(
    'lines',
    lines.map((line) => JSON.stringify({ ...line, profileId: ids.get(line.identifiers[0]) })),
  );
  for (const event of eventsOf(merges))
    await platform.stitch({ ...event, messageId: `late ${event.messageId}` }, after);
  for (const event of releases(platform, 3)) await platform.stitch(event, after);
  expect(platform.table.live().map(({ identifiers }) => identifiers.size)).toEqual([0]);
  await platform.apply(after);
  const live = platform.table.live();
  expect(live.map(({ segments }) => [...segments.keys()])).toEqual([['buyers']]);
  expect(live.map(({ histories }) => histories?.based)).toEqual([platform.registry.generation]);
  expect(await platform.apply(after)).toMatchObject({ written: 0, outdated: 0 });
});

it('a history comes to nobody whose identifiers were given to another since, by an unmerge', async () => {
  const platform = await changed(eventsOf([bought(1), bought(2), login(3, 0)]));
  await platform.apply(after, { isDry: true });
  const [whole] = platform.table.live() as [Profile];
  const [line] = (platform.files.get('lines') as string[]).map((text) => JSON.parse(text));
  const identifiers = ['anonymous_id:a0-0'];
  platform.files.set('lines', [JSON.stringify({ ...line, profileId: whole.profileId, identifiers })]);
  const operator = identityOperator(platform.table.forOperators(), after, async () => platform.registry);
  await operator.unmerge('anonymous_id:a0-0', { messageId: 'o', timestamp: minute(9), at: minute(cut - 1) }, true);
  await platform.apply(after);
  expect(platform.table.live().map(({ segments }) => segments.size)).toEqual([0, 0]);
});
