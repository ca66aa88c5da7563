import { describe, expect, it } from 'vitest';
import { platformSource } from '../../../lambdas/core/contract/signals.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { categoryOf, speakerOf } from '../../../lambdas/core/profile/consent.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { correctionIn } from '../../../lambdas/core/stitching/batch/correction.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch, type StitchPlan } from '../../../lambdas/core/stitching/plan.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({
  segments: [{ key: 'rich', name: 'Spent 200', where: { trait: 'spent', operator: 'atLeast', value: 200 } }],
});

/** What a job of the platform puts on the stream. */
const correctionOf = (properties: Record<string, unknown>): Event =>
  eventOf({
    event: 'Profile Corrected',
    anonymousId: 'platform',
    sourceId: platformSource,
    timestamp: minute(5),
    receivedAt: minute(90),
    properties,
  });

function stream() {
  const table = new MemoryTable();
  let made = 0;
  async function take(...events: Event[]): Promise<StitchPlan> {
    const sightings = sight(events, config).filter(({ identifiers }) => identifiers.length > 0);
    const snapshot = await table.load(ownerNames(sightings));
    const plan = planStitch(sightings, snapshot, config, () => `per_${++made}`);
    for (const write of plan.writes) expect(await table.write(write)).toEqual({ kind: 'written' });
    return plan;
  }
  return { table, take, version: (id: string) => (table.items.get(id) as { version: number }).version };
}

const ann = eventOf({ type: 'identify', userId: 'ann', timestamp: minute(1), traits: { spent: 100, plan: 'pro' } });
const ben = eventOf({ type: 'identify', userId: 'ben', anonymousId: 'b', timestamp: minute(2), traits: {} });
const tablet = eventOf({ anonymousId: 'tablet', timestamp: minute(3) });

describe('a correction', () => {
  it.each([
    {
      name: 'is nothing that a client can send',
      event: eventOf({ userId: 'u', properties: { identifiers: ['user_id:v'] } }),
      expected: undefined,
    },
    { name: 'names nobody when it names no identifier', event: correctionOf({ identifiers: [] }), expected: [] },
    {
      name: 'names nobody when an identifier is none',
      event: correctionOf({ identifiers: ['user_id:'] }),
      expected: [],
    },
    {
      name: 'leaves blocked values out',
      event: correctionOf({ identifiers: ['user_id:guest', 'email:a@b.c'] }),
      expected: ['email:a@b.c'],
    },
    {
      name: 'names the most trusted first, each once',
      event: correctionOf({ identifiers: ['anonymous_id:a', 'user_id:u', 'user_id:u'] }),
      expected: ['user_id:u', 'anonymous_id:a'],
    },
  ])('$name', ({ event, expected }) => expect(correctionIn(event, config.identity)?.identifiers).toEqual(expected));

  it.each([
    { spent: 300, change: 'entered' },
    { spent: 100, change: 'exited' },
  ])(
    'that takes a name away tells of all memberships under the one that comes back: $change',
    async ({ spent, change }) => {
      const { take, version } = stream();
      await take(eventOf({ type: 'identify', userId: 'eve', anonymousId: 'back', traits: { spent } }));
      const profile = { profileId: 'per_1', version: version('per_1'), released: ['user_id:eve'] };
      const { writes } = await take(correctionOf({ identifiers: ['anonymous_id:back'], profile }));
      expect(writes.map(({ changes }) => changes)).toEqual([[{ segment: 'rich', change }]]);
    },
  );

  it('makes two people one, and counts as no event of theirs', async () => {
    const { table, take } = stream();
    await take(ann);
    await take(tablet);
    const { writes } = await take(correctionOf({ identifiers: ['user_id:ann', 'anonymous_id:tablet'] }));
    const [person, ...others] = table.live();
    expect(others).toEqual([]);
    expect(person).toMatchObject({ eventCount: 2, firstSeen: minute(1), lastSeen: minute(3) });
    expect([person?.marks.size, person?.recent.length]).toEqual([2, 2]);
    expect(writes[0]?.log.map(({ kind }) => kind)).toEqual(['merge']);
  });

  it('forces nothing that a limit forbids', async () => {
    const { table, take } = stream();
    await take(ann);
    await take(ben);
    await take(correctionOf({ identifiers: ['user_id:ann', 'user_id:ben'] }));
    expect(table.live()).toHaveLength(2);
  });

  const target = {
    ...{ eventCount: 7, firstSeen: minute(0), lastSeen: minute(9), forgotten: ['plan'] },
    traits: [{ name: 'spent', value: 250, timestamp: minute(4), messageId: 'm', sourceId: 'shop' }],
  };

  it('makes a profile what it should be, in its segments, and says so', async () => {
    const { table, take, version } = stream();
    await take(ann);
    const { writes } = await take(
      correctionOf({
        identifiers: ['user_id:ann'],
        profile: { profileId: 'per_1', version: version('per_1'), ...target },
      }),
    );
    const [person] = table.live() as [Profile];
    expect(person).toMatchObject({ eventCount: 7, firstSeen: minute(0), lastSeen: minute(9) });
    expect([...person.traits]).toEqual([
      ['spent', { value: 250, timestamp: minute(4), messageId: 'm', sourceId: 'shop' }],
    ]);
    expect([...person.segments.keys()]).toEqual(['rich']);
    expect(writes[0]?.changes).toEqual([{ segment: 'rich', change: 'entered' }]);
  });

  it.each(['another version', 'another profile', 'changed in the same batch'])(
    'leaves a profile as it is that is not what was compared: %s',
    async (how) => {
      const { table, take, version } = stream();
      await take(ann);
      const at = how === 'another version' ? version('per_1') - 1 : version('per_1');
      const profile = {
        profileId: how === 'another profile' ? 'per_9' : 'per_1',
        version: at,
        ...target,
        released: ['user_id:ann'],
      };
      const before = how === 'changed in the same batch' ? [eventOf({ userId: 'ann', timestamp: minute(3) })] : [];
      await take(...before, correctionOf({ identifiers: ['user_id:ann'], profile }));
      expect(table.live()).toMatchObject([{ eventCount: 1 + before.length, firstSeen: minute(1) }]);
      expect(table.live()[0]?.traits.get('spent')?.value).toBe(100);
      expect([...table.owners.keys()]).toEqual(['user_id:ann']);
    },
  );

  it('releases an identifier, which then belongs to whom the next event says', async () => {
    const { table, take, version } = stream();
    await take(ben);
    const profile = {
      profileId: 'per_1',
      version: version('per_1'),
      released: ['anonymous_id:b', 'anonymous_id:never'],
    };
    const { writes } = await take(correctionOf({ identifiers: ['user_id:ben'], profile }));
    expect(writes[0]?.log).toMatchObject([{ kind: 'release', identifier: 'anonymous_id:b', profileId: 'per_1' }]);
    expect([...table.owners.keys()]).toEqual(['user_id:ben']);
    await take(eventOf({ anonymousId: 'b', userId: 'cat' }));
    expect(table.owners.get('anonymous_id:b')).toBe(table.owners.get('user_id:cat'));
    expect(table.live().map(({ identifiers }) => [...identifiers.keys()])).toEqual([
      ['user_id:ben'],
      ['user_id:cat', 'anonymous_id:b'],
    ]);
  });

  it.each([
    {
      name: 'for a new one',
      others: [],
      released: ['user_id:ann'],
      identifiers: ['anonymous_id:tablet', 'user_id:cat'],
    },
    {
      name: 'for that of another person, who is one with it',
      others: ['cat'],
      released: ['user_id:ann'],
      identifiers: ['anonymous_id:tablet', 'user_id:cat'],
    },
    {
      name: 'and with it all that it had',
      others: [],
      released: ['user_id:ann', 'anonymous_id:tablet'],
      identifiers: ['user_id:ann', 'user_id:cat'],
    },
    {
      name: 'found by one that has been blocked since',
      others: [],
      released: ['user_id:ann'],
      identifiers: ['anonymous_id:guest', 'user_id:cat'],
    },
  ])(
    'arrives at the profile that it is about and exchanges its user id $name',
    async ({ others, released, identifiers }) => {
      const { table, take, version } = stream();
      await take(eventOf({ userId: 'ann', anonymousId: 'tablet', timestamp: minute(1) }));
      for (const userId of others) await take(eventOf({ userId, timestamp: minute(2), receivedAt: minute(2) }));
      await take(correctionOf({ identifiers, profile: { profileId: 'per_1', version: version('per_1'), released } }));
      const [person] = table.live();
      expect(table.live()).toHaveLength(1);
      expect([...(person?.identifiers.keys() ?? [])].sort()).toEqual(
        released.length === 1 ? ['anonymous_id:tablet', 'user_id:cat'] : ['user_id:cat'],
      );
      expect([...table.owners]).not.toContainEqual(['user_id:ann', 'per_1']);
    },
  );

  it.each(['another version', 'another profile'])('of %s merges and links nobody', async (what) => {
    const { table, take, version } = stream();
    await take(ann);
    await take(tablet);
    const profile =
      what === 'another version'
        ? { profileId: 'per_1', version: version('per_1') + 1 }
        : { profileId: 'per_9', version: 1 };
    const { repeated, writes } = await take(
      correctionOf({ identifiers: ['user_id:ann', 'anonymous_id:tablet', 'anonymous_id:new'], profile }),
    );
    expect([repeated.length, writes.length, table.live().length, table.owners.size]).toEqual([1, 0, 2, 2]);
  });

  it('takes the consent with it that was said under what it releases', async () => {
    const { table, take, version } = stream();
    const stated = (anonymousId: string) =>
      eventOf({ userId: 'ann', anonymousId, context: { consent: { categoryPreferences: { 'a|b': false } } } });
    await take(stated('x|y'), stated('z'));
    await take(
      correctionOf({
        identifiers: ['user_id:ann'],
        profile: { profileId: 'per_1', version: version('per_1'), released: ['anonymous_id:x|y'] },
      }),
    );
    expect([...(table.live()[0]?.consent.keys() ?? [])].map((key) => [categoryOf(key), speakerOf(key)])).toEqual([
      ['a|b', 'anonymous_id:z'],
    ]);
  });

  it('takes with it what was said under it on a device of somebody else, and leaves that of others', async () => {
    const { table, take, version } = stream();
    const consent = { categoryPreferences: { ads: false } };
    await take(eventOf({ userId: 'bob', anonymousId: 'family' }));
    const person = { type: 'identify', userId: 'ann', traits: { email: 'ann@x.org' }, context: { consent } };
    await take(
      eventOf({ ...person, anonymousId: 'family' }),
      eventOf({ type: 'track', event: 'A', userId: 'ann', anonymousId: 'family', context: { consent } }),
    );
    const ofAnn = () => table.live().flatMap((one) => (one.identifiers.has('user_id:ann') ? [one] : []));
    expect([...(ofAnn()[0]?.consent.keys() ?? [])].sort()).toEqual(['ads|~email:ann@x.org', 'ads|~user_id:ann']);
    const profileId = ofAnn()[0]?.profileId ?? '';
    const profile = { profileId, version: version(profileId), released: ['email:ann@x.org'] };
    await take(correctionOf({ identifiers: ['user_id:ann'], profile }));
    expect([...(ofAnn()[0]?.consent.keys() ?? [])]).toEqual(['ads|~user_id:ann']);
  });

  it('is taken in once, however often it comes', async () => {
    const { table, take, version } = stream();
    await take(ann);
    const correction = correctionOf({
      identifiers: ['user_id:ann', 'anonymous_id:x'],
      profile: { profileId: 'per_1', version: version('per_1'), ...target },
    });
    await take(correction);
    await take(eventOf({ type: 'identify', userId: 'ann', timestamp: minute(20), traits: { spent: 10 } }));
    const before = structuredClone(table.live());
    await take(correction);
    expect(table.live()).toEqual(before);
  });

  it('is of an account when it says so', async () => {
    const { table, take, version } = stream();
    await take(eventOf({ type: 'group', userId: 'ann', groupId: 'acme', traits: {} }));
    const id = table.owners.get('accounts/group_id:acme') ?? '';
    await take(
      correctionOf({
        collection: 'accounts',
        identifiers: ['group_id:acme'],
        profile: { profileId: id, version: version(id), eventCount: 3 },
      }),
    );
    expect(table.live().find(({ profileId }) => profileId === id)?.eventCount).toBe(3);
  });
});
