import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '../../lambdas/core/events/event.ts';
import { ownerName } from '../../lambdas/core/profile/owner-name.ts';
import { kinesisEvent, recordOf } from '../fakes/kinesis.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';
import { accounts, profileApi, users } from '../fixtures/in-memory/profile-api.ts';
import { stitchInMemory } from '../fixtures/in-memory/stitch.ts';
import { numRuns } from '../fixtures/laws.ts';

/** `group_id` as an identifier of people, by configuration too. */
const config = configOf({
  identity: { identifiers: [{ type: 'group_id', path: 'properties.club' }], limits: {}, defaultLimit: 100 },
});
const groups = ['acme', 'bolt'];

const externalIds = (id: string) => ({
  externalIds: [{ id, type: 'group_id', collection: 'users', encoding: 'none' }],
});
const calls = fc.record({
  anonymousId: fc.constantFrom('a', 'b', 'c', 'd'),
  group: fc.constantFrom(...groups),
  how: fc.constantFrom('group', 'group that says it of the person, too', 'external', 'configured'),
});
const eventIn = ({ anonymousId, group, how }: { anonymousId: string; group: string; how: string }): Event =>
  eventOf({
    anonymousId,
    ...(how.startsWith('group') ? { type: 'group', groupId: group, traits: { name: group } } : {}),
    ...(how === 'configured' ? { properties: { club: group } } : {}),
    context: how === 'external' || how.endsWith('too') ? externalIds(group) : {},
  });
const names = (event: Event): string[] => [
  `anonymous_id:${event.anonymousId}`,
  ...((event.context?.externalIds as { id: string }[] | undefined)?.map(({ id }) => `group_id:${id}`) ?? []),
  ...((event.properties as { club?: string } | undefined)?.club === undefined
    ? []
    : [`group_id:${(event.properties as { club: string }).club}`]),
];

/** The people that identifiers said together tell, by brute force. */
function peopleOf(events: readonly Event[]): string[] {
  let sets: Set<string>[] = [];
  for (const event of events) {
    const all = names(event);
    const touched = sets.filter((one) => all.some((id) => one.has(id)));
    sets = [...sets.filter((one) => !touched.includes(one)), new Set([...all, ...touched.flatMap((one) => [...one])])];
  }
  return sets.map((one) => [...one].sort().join(' ')).sort();
}

it('keeps accounts and people apart whoever says group_id of whom, in any batches', () =>
  fc.assert(
    fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 15 }), fc.nat(15), async (stated, cut) => {
      const events = stated.map(eventIn);
      const table = new MemoryTable();
      const { handler, quarantined } = stitchInMemory(table, { config });
      for (const batch of [events.slice(0, cut), events.slice(cut)])
        expect(await handler(kinesisEvent([recordOf(batch)]))).toEqual({ batchItemFailures: [] });
      const found = (collection: string) =>
        table
          .live()
          .filter((profile) => profile.collection === collection)
          .map(({ identifiers }) => [...identifiers.keys()].sort().join(' '))
          .sort();
      expect(found('users')).toEqual(peopleOf(events));
      expect(found('accounts')).toEqual(
        [...new Set(events.flatMap(({ groupId }) => (groupId === undefined ? [] : [`group_id:${groupId}`])))].sort(),
      );
      expect(quarantined).toEqual([]);
    }),
    { numRuns: numRuns(300) },
  ));

it('shows either by the same identifier, in its own collection', async () => {
  const { get } = await profileApi(
    [
      eventOf({ type: 'group', anonymousId: 'a', groupId: 'acme', traits: { seats: 7 } }),
      eventOf({
        type: 'identify',
        userId: 'ann',
        traits: { name: 'Ann' },
        context: externalIds('acme'),
        receivedAt: minute(3),
      }),
    ],
    {},
    config,
  );
  expect((await get(`${accounts}/group_id:acme/traits`)).body.traits).toEqual({ seats: 7 });
  expect((await get(`${users}/group_id:acme/traits`)).body.traits).toEqual({ name: 'Ann' });
});

it('takes over a name that was the key of both, and holds nothing up', async () => {
  const table = new MemoryTable();
  const { handler } = stitchInMemory(table, { config });
  await handler(kinesisEvent([recordOf([eventOf({ userId: 'ann', context: externalIds('acme') })])]));
  await table.give(ownerName('accounts', 'group_id:acme'), table.owners.get('group_id:acme') ?? '');
  expect(
    await handler(kinesisEvent([recordOf([eventOf({ type: 'group', userId: 'ben', groupId: 'acme', traits: {} })])])),
  ).toEqual({
    batchItemFailures: [],
  });
  expect(
    table
      .live()
      .map(({ collection }) => collection)
      .sort(),
  ).toEqual(['accounts', 'users', 'users']);
});
