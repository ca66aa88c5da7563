import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { textOf } from '../../../lambdas/core/identifiers/identifier.ts';
import { categoryOf } from '../../../lambdas/core/profile/consent.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { valuesIn, valuesOn } from '../../fixtures/access-page.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { fileAndRun, filing, sendTo } from '../../fixtures/in-memory/ann-and-bob.ts';
import { officerInMemory, requestIdOf } from '../../fixtures/in-memory/officer.ts';
import { lakeOf, reportsInMemory } from '../../fixtures/in-memory/reports.ts';
import { numRuns } from '../../fixtures/laws.ts';

const settings = {
  sources: [{ id: 'shop', kind: 'server' as const, writeKey: 'a-write-key', defaultCountry: 'US' }],
  segments: [
    { key: 'named', name: 'Named', where: { trait: 'name', operator: 'exists' as const } },
    { key: 'buyers', name: 'Buyers', where: { event: 'Paid' } },
  ],
  destinations: [{ id: 'crm', kind: 'webhook' as const, segments: ['named', 'buyers'] }],
};
const config = configOf(settings);

/** What somebody does on a device, with their name on it or not. Whatever they say is marked as theirs. */
const Doing = fc.record({
  user: fc.constantFrom('', 'u-one', 'u-two', 'u-three'),
  device: fc.constantFrom('', 'd-red', 'd-blue', 'd-green'),
  does: fc.constantFrom('identify', 'track', 'group'),
  says: fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\\u{')),
  isGranted: fc.option(fc.boolean(), { nil: undefined }),
});

const eventsIn = (doings: readonly (typeof Doing extends fc.Arbitrary<infer One> ? One : never)[]): Event[] =>
  doings.flatMap(({ user, device, does, says, isGranted }, n) => {
    if (user === '' && device === '') return [];
    const isNamed = user !== '';
    const fields = { name: `${user}${says}`, [`${user}-${n % 3}`]: says, email: `${user}@example.com` };
    const type = isNamed ? does : 'track';
    return [
      eventOf({
        ...{ type, messageId: `${user}${device}-${n}`, timestamp: minute(n), receivedAt: minute(n) },
        ...(isNamed && { userId: user }),
        ...(device !== '' && { anonymousId: device }),
        ...(type === 'track' && { event: 'Paid', properties: { by: user, on: device, says } }),
        ...(type === 'identify' && { traits: fields }),
        ...(type === 'group' && { groupId: 'acme', traits: { said: `${user}${says}` } }),
        ...(isGranted !== undefined && {
          context: { consent: { categoryPreferences: { [`c-${says.slice(0, 3)}`]: isGranted } } },
        }),
      }),
    ];
  });

/** Who has each event by the table: whoever has its most trusted identifier. */
async function owned(table: MemoryTable, events: readonly Event[]): Promise<Map<string, Event[]>> {
  const byProfile = new Map<string, Event[]>();
  for (const event of events) {
    const identifier =
      event.userId === undefined
        ? (`anonymous_id:${event.anonymousId}` as const)
        : (`user_id:${event.userId}` as const);
    const { profileId = '' } = (await table.readLive({ identifier, collection: 'users' }))?.profile ?? {};
    byProfile.set(profileId, [...(byProfile.get(profileId) ?? []), event]);
  }
  return byProfile;
}

/** What a report of a profile must have, and what it must not. */
const wordsOf = (profile: Profile) => ({
  identifiers: [...profile.identifiers.keys()].map(textOf),
  traits: [...profile.traits].map(([name, { value }]) => [name, value]),
  consent: [...profile.consent].map(([key, { granted, timestamp }]) => [categoryOf(key), granted, timestamp]),
});

it('has all of a person and nothing of another one, and the page says what the file says', async () => {
  let shared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(Doing, { minLength: 1, maxLength: 25 }), async (doings) => {
      const events = eventsIn(doings);
      const table = new MemoryTable();
      for (const event of events) await sendTo(config)(table, event);
      const lake = await owned(table, events);
      let n = 0;
      for (const profile of table.live().filter(({ collection }) => collection === 'users')) {
        const mine = [...table.owners].filter(([, owner]) => owner === profile.profileId || profile.merged.has(owner));
        const text = mine.map(([name]) => name).find((name) => name.includes(':')) ?? '';
        const isAnonymous = ![...profile.identifiers.keys()].some((id) => id.startsWith('user_id:'));
        n += 1;
        await fileAndRun(officerInMemory(table, config), filing(n, 'access'), text.replace(/^users\//, ''));
        const { reporter, read, memoriesOf } = reportsInMemory(table, settings, { ask: lakeOf(lake) });
        const name = [...profile.identifiers.keys()][0] ?? '';
        const told = {
          names: new Set([isAnonymous ? `anonymousId:${textOf(name as never)}` : `userId:${textOf(name as never)}`]),
        };
        await memoriesOf('crm').segments.remember(profile.profileId, 'named', {
          ...told,
          since: minute(1),
          holders: [],
        });
        const { report, json, html } = await read(requestIdOf(n));
        expect(await reporter.report(requestIdOf(n), false)).toMatchObject({ problem: null });
        const [person] = report.people;
        expect(report.people).toHaveLength(1);
        const wanted = wordsOf(profile);
        expect(person?.identifiers.map(({ value }) => value).sort()).toEqual(wanted.identifiers.sort());
        expect(
          person?.traits
            .filter(({ isUsed }) => isUsed)
            .map(({ trait, value }) => [trait, value])
            .sort(),
        ).toEqual(wanted.traits.sort());
        expect(person?.consent.map(({ category, isGranted, at }) => [category, isGranted, at])).toEqual(wanted.consent);
        expect(person?.merged.map(({ profileId }) => profileId).sort()).toEqual([...profile.merged.keys()].sort());
        for (const [id, { profile: merged }] of table.tombstonesIn(profile)) {
          const reported = person?.merged.find(({ profileId }) => profileId === id);
          expect(reported?.traits).toHaveLength(merged.traits.size);
          expect(reported?.identifiers).toHaveLength(merged.identifiers.size);
        }
        expect(report.segments.map(({ segment }) => segment).sort()).toEqual([...profile.segments.keys()].sort());
        expect(report.recipients.map(({ destination }) => destination)).toEqual(['crm']);
        expect(report.events.rows.map(({ messageId }) => messageId)).toEqual(
          (lake.get(profile.profileId) ?? []).map(({ messageId }) => messageId),
        );
        const others = ['u-one', 'u-two', 'u-three', 'd-red', 'd-blue', 'd-green'].filter(
          (each) => !wanted.identifiers.includes(each),
        );
        // Messages and what somebody wrote of a device of somebody else have the names of both here.
        const said = valuesIn(report).filter((value) => !/^(u-\w+)?(d-\w+)?-\d+$/.test(value));
        if (
          person?.elsewhere ||
          others.some((other) => JSON.stringify(lake.get(profile.profileId) ?? []).includes(other))
        )
          shared += 1;
        expect(said.filter((value) => others.some((other) => value.includes(other)))).toEqual([]);
        expect(valuesOn(html).sort()).toEqual(valuesIn(JSON.parse(json)).sort());
      }
    }),
    { numRuns: numRuns(60) },
  );
  expect(shared).toBeGreaterThan(0);
}, 120_000);
