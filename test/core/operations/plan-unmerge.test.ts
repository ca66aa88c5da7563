import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { planUnmerge, type UnmergeTarget, type UnmergeWrite } from '../../../lambdas/core/operations/plan-unmerge.ts';
import { joinProfiles } from '../../../lambdas/core/profile/join.ts';
import { marksIn } from '../../../lambdas/core/profile/message-marks.ts';
import { ownerNames } from '../../../lambdas/core/profile/owner-name.ts';
import { newProfile, type Profile, type ProfileId } from '../../../lambdas/core/profile/profile.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { inSegments } from '../../../lambdas/core/segments/membership.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { applyEvent } from '../../../lambdas/core/stitching/effects/apply-event.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { parseTombstone, type Tombstone, toTombstone } from '../../../lambdas/core/table/profile-item.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';

const segments = [{ key: 'pro', name: 'Pro', where: trait('plan').equals(1) }];
const config = configOf({
  segments,
  sources: ['shop', 'crm', 'app'].map((id) => ({ id, kind: 'server', writeKey: `a-key-of-${id}` })),
  survivorship: { plan: { keep: 'most_trusted', sources: ['crm', 'app'] } },
  identity: { limits: {}, defaultLimit: 1000, breaker: { merges: 1000 } },
});
const cause = { messageId: 'operator', timestamp: minute(50), at: minute(50) };
const counter = () => {
  let made = 0;
  return (createdAt: string) => `${createdAt}-${String(++made).padStart(4, '0')}`;
};

/** An event of one of a few people, told by their letter; its content is a function of its id. */
const someEventOf = (letter: string) =>
  fc
    .record({
      id: fc.nat({ max: 60 }),
      at: fc.nat({ max: 9 }),
      device: fc.nat({ max: 2 }),
      ads: fc.option(fc.boolean()),
    })
    .map(
      ({ id, at, device, ads }): Event =>
        eventOf({
          type: id % 3 === 0 ? 'group' : 'identify',
          groupId: `g${id % 2}`,
          messageId: `m${id}`,
          sourceId: ['shop', 'crm', 'app'][(id >> 1) % 3],
          userId: letter,
          anonymousId: `${letter}${device}`,
          timestamp: minute(at),
          traits: id % 3 === 0 ? {} : { plan: id % 2, city: id },
          context: {
            consent: { categoryPreferences: ads === null ? {} : { ads } },
            campaign: { source: id % 4 === 0 ? `mail${id}` : '' },
          },
        }),
    );
const someEventsOf = (letter: string) =>
  fc.uniqueArray(someEventOf(letter), { selector: ({ messageId }) => messageId, minLength: 1, maxLength: 16 });

function personOf(events: readonly Event[], profileId: ProfileId, n: number): Profile {
  const draft = newProfile(profileId, eventOf({ receivedAt: minute(n), timestamp: events[0]?.timestamp }));
  for (const event of events)
    applyEvent(draft, event, [`user_id:${event.userId}`, `anonymous_id:${event.anonymousId}`], {
      rules: config,
    });
  return inSegments(draft, config, minute(9));
}

/** What merging keeps, after it lay in the table. */
function lostTo(survivor: Profile, profile: Profile): Tombstone {
  const shared = marksIn((survivor.own ?? survivor).marks, profile.marks);
  const lost = {
    profile: { ...profile, ...profile.own, own: undefined },
    version: 2,
    shared,
    mergedInto: survivor.profileId,
  };
  return parseTombstone(
    JSON.parse(
      JSON.stringify(toTombstone({ ...lost, messageId: 'm', at: minute(10 + Number(profile.profileId.slice(1))) })),
    ),
  ) as Tombstone;
}

function unmerged(live: Profile, tombstones: readonly Tombstone[], target: UnmergeTarget): UnmergeWrite {
  const owners = new Map([...live.identifiers.keys()].map((id) => [id, live.profileId]));
  // Below another lies who was merged first.
  for (const { profile } of [...tombstones].sort((a, b) => b.profile.merged.size - a.profile.merged.size))
    for (const id of profile.identifiers.keys()) owners.set(id, profile.profileId);
  const person = {
    live: { profile: live, version: 7 },
    tombstones: new Map(tombstones.map((each) => [each.profile.profileId, each])),
    owners,
  };
  const plan = planUnmerge(person, target, { cause, config, newProfileId: counter() });
  if (plan.kind === 'refused') throw new Error(plan.reason);
  return plan.write;
}

/** But for who was parted from whom, and since when a segment that the merge made them leave is theirs again. */
const asWas = ({ apart, segments: memberships, heard, own, ...profile }: Profile) => ({
  ...profile,
  segments: [...memberships.keys()].sort(),
});

describe('a merge that is undone', () => {
  it('gives both profiles back as they were', () =>
    fc.assert(
      fc.property(someEventsOf('s'), someEventsOf('a'), (ofSurvivor, ofAbsorbed) => {
        const [survivor, absorbed] = [personOf(ofSurvivor, 'p1', 1), personOf(ofAbsorbed, 'p2', 2)];
        const lost = lostTo(survivor, absorbed);
        const live = inSegments(joinProfiles(survivor, absorbed, minute(10), config.survivorship), config, minute(10));
        const { left, parted } = unmerged(live, [lost], { profileId: 'p2' });
        expect(asWas(left.profile)).toEqual(asWas(survivor));
        expect(asWas(parted.profile)).toEqual(asWas(absorbed));
        expect([left.version, parted.version]).toEqual([7, 2]);
        expect([left.profile.apart, parted.profile.apart]).toEqual([new Set(['p2']), new Set(['p1'])]);
      }),
      { numRuns: numRuns(500) },
    ));

  it.each([
    ['p2', 'p3'],
    ['p3', 'p2'],
  ])('gives three profiles back, %s first, then %s', (first, second) =>
    fc.assert(
      fc.property(someEventsOf('s'), someEventsOf('a'), someEventsOf('b'), (s, a, b) => {
        const renamed = (events: readonly Event[], name: string) =>
          events.map((event) => ({ ...event, messageId: `${name}${event.messageId}` }));
        const people = {
          p1: personOf(s, 'p1', 1),
          p2: personOf(renamed(a, 'a'), 'p2', 2),
          p3: personOf(renamed(b, 'b'), 'p3', 3),
        };
        const two = inSegments(joinProfiles(people.p1, people.p2, minute(10), config.survivorship), config, minute(10));
        const lost = [lostTo(people.p1, people.p2), lostTo(two, people.p3)];
        const three = inSegments(joinProfiles(two, people.p3, minute(11), config.survivorship), config, minute(11));
        const { left, parted } = unmerged(three, lost, { profileId: first });
        const last = unmerged(
          left.profile,
          lost.filter(({ profile }) => profile.profileId !== first),
          { profileId: second },
        );
        expect(asWas(parted.profile)).toEqual(asWas(people[first as 'p2']));
        expect(asWas(last.parted.profile)).toEqual(asWas(people[second as 'p2']));
        expect(asWas(last.left.profile)).toEqual(asWas(people.p1));
      }),
    ),
  );

  it('that lies below another is taken out of all that it was merged into since', () =>
    fc.assert(
      fc.property(someEventsOf('s'), someEventsOf('a'), someEventsOf('b'), (s, a, b) => {
        const renamed = (events: readonly Event[], name: string) =>
          events.map((event) => ({ ...event, messageId: `${name}${event.messageId}` }));
        const [top, middle, bottom] = [
          personOf(s, 'p1', 1),
          personOf(renamed(b, 'b'), 'p2', 2),
          personOf(renamed(a, 'a'), 'p3', 3),
        ];
        const two = inSegments(joinProfiles(middle, bottom, minute(10), config.survivorship), config, minute(10));
        const lost = [lostTo(middle, bottom), lostTo(top, two)];
        const three = inSegments(joinProfiles(top, two, minute(11), config.survivorship), config, minute(11));
        const { left, parted } = unmerged(three, lost, { profileId: 'p3' });
        expect(asWas(parted.profile)).toEqual(asWas(bottom));
        const last = unmerged(left.profile, lost.slice(1), { profileId: 'p2' });
        expect(asWas(last.parted.profile)).toEqual(asWas(middle));
      }),
    ));
});

type Step = { readonly event: Event } | { readonly part: number };
const ids = ['u1', 'u2', 'u3'] as const;
const someStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        userId: fc.option(fc.constantFrom(...ids), { nil: undefined }),
        device: fc.nat({ max: 5 }),
        at: fc.nat({ max: 9 }),
      })
      .map(({ userId, device, at }) => ({
        event: eventOf({ userId, anonymousId: `d${device}`, timestamp: minute(at), receivedAt: minute(at) }),
      })),
  },
  { weight: 1, arbitrary: fc.nat().map((part) => ({ part })) },
);

/** Merges and unmerges at random, and says which pairs of identifiers or profiles an operator parted. */
async function play(steps: readonly Step[]) {
  const table = new MemoryTable();
  const newProfileId = counter();
  for (const step of steps) {
    if ('event' in step) await stitch(table, step.event, newProfileId);
    else await part(table, step.part, newProfileId);
    expectOneOwnerEach(table);
  }
}

async function stitch(table: MemoryTable, event: Event, newProfileId = counter()): Promise<void> {
  const sightings = sight([event], config);
  const snapshot = await table.load(ownerNames(sightings));
  for (const write of planStitch(sightings, snapshot, config, newProfileId).writes)
    expect(await table.write(write)).toEqual({ kind: 'written' });
}

async function part(table: MemoryTable, chance: number, newProfileId = counter()): Promise<void> {
  const candidates = table
    .live()
    .flatMap((live): [Profile, UnmergeTarget][] => [
      ...[...live.merged.keys()].map((profileId): [Profile, UnmergeTarget] => [live, { profileId }]),
      ...[...live.identifiers.keys()].map((identifier): [Profile, UnmergeTarget] => [
        live,
        { identifier, owner: table.owners.get(identifier) ?? '' },
      ]),
    ]);
  const [live, target] = candidates[chance % candidates.length] ?? [];
  if (live === undefined || target === undefined) return;
  const stored = { profile: live, version: table.items.get(live.profileId)?.version ?? 0 };
  const plan = planUnmerge({ live: stored, tombstones: table.tombstonesIn(live), owners: table.owners }, target, {
    cause,
    config,
    newProfileId,
  });
  if (plan.kind === 'planned') expect(await table.unmerge(plan.write)).toEqual({ kind: 'written' });
}

function expectOneOwnerEach(table: MemoryTable): void {
  const held = table
    .live()
    .flatMap((profile) => [...profile.identifiers.keys()].map((id) => [id, profile.profileId] as const));
  expect(new Set(held.map(([id]) => id)).size).toBe(held.length);
  expect(held.map(([id]) => id).sort()).toEqual([...table.owners.keys()].sort());
  for (const [id, profileId] of held) expect([id, leadsTo(table, id)]).toEqual([id, profileId]);
  for (const profile of table.live()) {
    expect(profile.eventCount).toBeGreaterThanOrEqual(0);
    for (const id of profile.apart) expect([profile.profileId, ...profile.merged.keys()]).not.toContain(id);
  }
}

function leadsTo(table: MemoryTable, id: Identifier): ProfileId | undefined {
  let item = table.items.get(table.owners.get(id) ?? '');
  while (item?.kind === 'tombstone') item = table.items.get(item.mergedInto);
  return item?.profile.profileId;
}

describe('whatever is merged and parted', () => {
  it('leaves each identifier with exactly one live owner, and those apart who were parted', () =>
    fc.assert(fc.asyncProperty(fc.array(someStep, { maxLength: 40 }), play), { numRuns: numRuns(500) }));
});

describe('an unmerge', () => {
  const seen = (fields: object) => eventOf({ receivedAt: minute(1), ...fields });
  /** Ann and Bob, wrongly made one by an event that says both of them. */
  async function annAndBob() {
    const table = new MemoryTable();
    const newProfileId = counter();
    await stitch(table, seen({ type: 'identify', userId: 'ann', traits: { plan: 1, name: 'Ann' } }), newProfileId);
    await stitch(
      table,
      seen({
        type: 'identify',
        userId: 'bob',
        traits: { plan: 0, name: 'Bob' },
        receivedAt: minute(2),
        timestamp: minute(900),
      }),
      newProfileId,
    );
    await stitch(
      table,
      seen({ type: 'alias', userId: 'bob', anonymousId: 'tablet', receivedAt: minute(3) }),
      newProfileId,
    );
    await stitch(table, seen({ userId: 'ann', anonymousId: 'tablet', receivedAt: minute(4) }), newProfileId);
    const [both] = table.live() as [Profile];
    return { table, both, bob: [...both.merged.keys()][0] as ProfileId, newProfileId };
  }
  const whole = (table: MemoryTable, live: Profile) => ({
    live: { profile: live, version: table.items.get(live.profileId)?.version ?? 0 },
    tombstones: table.tombstonesIn(live),
    owners: table.owners,
  });

  it('tells destinations and the log of both', async () => {
    const { table, both, bob } = await annAndBob();
    expect(both.traits.get('name')?.value).toBe('Bob');
    const plan = planUnmerge(whole(table, both), { profileId: bob }, { cause, config, newProfileId: counter() });
    if (plan.kind === 'refused') throw new Error(plan.reason);
    const { left, parted } = plan.write;
    expect([left.profile.traits.get('name')?.value, parted.profile.traits.get('name')?.value]).toEqual(['Ann', 'Bob']);
    expect(left.changes).toEqual([{ segment: 'pro', change: 'entered' }]);
    // He is not told of as a member now, but may have been under a name that is his again.
    expect(parted.changes).toEqual([{ segment: 'pro', change: 'exited' }]);
    expect([...left.log, ...parted.log].map(({ kind, profileId, apart }) => [kind, profileId, apart])).toEqual([
      ['unmerge', both.profileId, bob],
      ['unmerge', bob, both.profileId],
    ]);
  });

  it('is not undone by any event that says both of them again', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('ann', 'bob', undefined), fc.constantFrom('tablet', 'bob', 'ann', 'other')), {
          maxLength: 12,
        }),
        async (stated) => {
          const { table, both, bob, newProfileId } = await annAndBob();
          const plan = planUnmerge(whole(table, both), { profileId: bob }, { cause, config, newProfileId });
          if (plan.kind === 'planned') await table.unmerge(plan.write);
          for (const [userId, previousId] of stated)
            await stitch(
              table,
              eventOf({ type: 'alias', userId, anonymousId: previousId, previousId: 'tablet', receivedAt: minute(5) }),
              newProfileId,
            );
          expect(leadsTo(table, 'user_id:ann')).not.toBe(leadsTo(table, 'user_id:bob'));
        },
      ),
    ));

  it('gives an identifier a profile of its own, with the consent that was said there', async () => {
    const table = new MemoryTable();
    const newProfileId = counter();
    const context = { consent: { categoryPreferences: { ads: false } } };
    await stitch(
      table,
      seen({ type: 'identify', userId: 'ann', anonymousId: 'tablet', traits: { name: 'Ann' }, context }),
      newProfileId,
    );
    const [ann] = table.live() as [Profile];
    const write = unmerged(ann, [], { identifier: 'anonymous_id:tablet', owner: ann.profileId });
    expect([...write.left.profile.identifiers.keys(), ...write.parted.profile.identifiers.keys()]).toEqual([
      'user_id:ann',
      'anonymous_id:tablet',
    ]);
    expect([write.left.profile.consent.size, [...write.parted.profile.consent.keys()]]).toEqual([
      0,
      ['ads|anonymous_id:tablet'],
    ]);
    expect(write.left.profile.traits.size).toBe(1);
  });

  it('of what lies below 150 tombstones changes two profiles only', () => {
    const id = (n: number) => `p${String(n).padStart(3, '0')}`;
    const chain = Array.from({ length: 151 }, (_, n) =>
      personOf([eventOf({ userId: `u${n}`, anonymousId: `d${n}` })], id(n + 1), n + 1),
    );
    const top = personOf([eventOf({ userId: 'top', anonymousId: 'top' })], id(0), 0);
    const lost = chain.map((profile, n): Tombstone => {
      const below = new Map(chain.slice(n + 1).map(({ profileId }) => [profileId, minute(10)]));
      return { ...lostTo(top, { ...profile, merged: below }), mergedInto: id(n) };
    });
    const live = chain.reduce((all, one) => joinProfiles(all, one, minute(10)), top);
    const { left, parted } = unmerged(live, lost, { profileId: id(151) });
    expect(asWas(parted.profile)).toEqual(asWas(chain.at(-1) as Profile));
    expect([parted.profile.apart.size, left.profile.eventCount, left.profile.merged.size]).toEqual([151, 151, 150]);
  });

  it.each([
    {
      name: 'a profile that was never merged into it',
      target: { profileId: 'stranger' },
      reason: /no profile with that id was merged/,
    },
    {
      name: 'its only identifier',
      target: { identifier: 'user_id:ann', owner: 'p' } as const,
      reason: /without identifiers/,
    },
  ])('is refused for $name', ({ target, reason }) => {
    const ann = personOf([eventOf({ userId: 'ann', anonymousId: 'ann' })], 'p', 1);
    const only = { ...ann, identifiers: new Map([...ann.identifiers].slice(0, 1)) };
    const plan = planUnmerge(
      { live: { profile: only, version: 1 }, tombstones: new Map(), owners: new Map() },
      target,
      { cause, config, newProfileId: counter() },
    );
    expect(plan).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
  });
});
