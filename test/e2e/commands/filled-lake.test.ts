import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { forget, plant, profileOf, type StoredProfile } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';
import { textsOf } from '../scan/calls.ts';
import { complete, eraseInLake, fileErasure } from '../scan/erasure.ts';
import { expected, namesIn, passing, placesIn, streams, unknown } from '../scan/expected.ts';
import { expire } from '../scan/expiry.ts';
import { storesWith, versionsIn } from '../scan/stores-with.ts';
import { analystAsks, began, dropLetters, everybodyComes, inLake, markers, muchFails, others } from '../scan/story.ts';
import { ann, askersCome, bob, reportOf, tablet } from './access-report.ts';

const [rich, many, lost, well] = ['rich', 'many', 'lost', 'well'].map((name) => unique(`compared-${name}`)) as [
  string,
  string,
  string,
  string,
];
const everyone = [rich, many, lost, well];
const stored = (): Promise<StoredProfile[]> => Promise.all(everyone.map((userId) => profileOf(`user_id:${userId}`)));
const content = (profiles: readonly StoredProfile[]) =>
  profiles.map(({ identifiers, traits, segments, eventCount }) => ({ identifiers, traits, segments, eventCount }));

/** Kinds of difference of the last comparison that are about these profiles. */
async function found(profileIds: readonly string[]): Promise<string[]> {
  const sql = `SELECT kind FROM profile_differences WHERE compared_at = (SELECT max(compared_at) FROM profile_differences)
    AND profile_id IN (${profileIds.map((id) => `'${id}'`).join(', ')}) ORDER BY kind`;
  return (JSON.parse(await run('query', sql, '--json')) as { kind: string }[]).map(({ kind }) => kind);
}

const [firm, buyer] = [unique('compared-firm'), unique('compared-buyer')];

/** A company that stopped ordering, and somebody who buys for it: when both are in their segments, and their ids. */
async function lapsed(): Promise<readonly [string, string]> {
  const timestamp = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const ordered = { event: 'Order Completed', properties: { revenue: 1200 }, context: { groupId: firm }, timestamp };
  await post('/v1/identify', { userId: buyer, traits: { role: 'buyer' } });
  await post('/v1/group', { userId: buyer, groupId: firm, traits: { name: 'A company' } });
  await post('/v1/track', { userId: buyer, messageId: `${buyer}-ordered`, ...ordered });
  return eventually(
    async () => {
      const [account, person] = [await profileOf(`group_id:${firm}`), await profileOf(`user_id:${buyer}`)];
      expect([account.segments, person.segments]).toEqual([
        ['lapsed_companies'],
        expect.arrayContaining(['lapsed_buyers']),
      ]);
      return [account.profileId, person.profileId] as const;
    },
    { within: 100_000 },
  );
}

// One filling of the lake serves them all: a run of a job takes longer than all else here.
beforeAll(async () => {
  await Promise.all([everybodyComes(), askersCome()]);
  await muchFails();
  await inLake();
}, 600_000);
afterAll(dropLetters);

describe('npm run compare', () => {
  it('finds what was planted in the table, tells it, and mends it by events', async () => {
    for (const userId of everyone)
      await post('/v1/identify', { userId, messageId: `${userId}-1`, traits: { lifetime_value: 300, order_count: 1 } });
    for (const userId of everyone)
      await post('/v1/track', { userId, messageId: `${userId}-2`, event: 'Product Reviewed' });
    await eventually(async () => expect((await stored()).map(({ eventCount }) => eventCount)).toEqual([2, 2, 2, 2]));
    await eventually(async () =>
      expect((await rawEvents()).map(({ messageId }) => messageId)).toEqual(
        expect.arrayContaining(everyone.map((id) => `${id}-2`)),
      ),
    );
    const inTable = await lapsed();
    const before = await stored();
    const [richId = '', manyId = '', lostId = ''] = before.map(({ profileId }) => profileId);
    await plant(richId, (item) => ({ ...item, traits: String(item.traits).replace('300', '3'), segments: '[]' }));
    await plant(manyId, (item) => ({ ...item, eventCount: 7 }));
    await forget(lostId);

    const told = await run('compare', '--settle-minutes', '0');
    expect(told).toContain('differ. The repairs are on the event stream');
    expect(told).toMatch(/^missing_person +events +true +\d+ +\d+ +per_/m);
    expect(await found([richId, manyId, lostId])).toEqual(['extra_events', 'missing_person', 'segment', 'trait']);
    await eventually(async () => expect(content(await stored())).toEqual(content(before)));
    expect(await found(inTable), 'accounts and their people agree').toEqual([]);
    const [firmId, buyerId] = inTable;
    const ids = inTable.map((id) => `'${id}'`).join(', ');
    const asked = `SELECT profile_id, array_join(segments, ',') AS keys FROM profiles WHERE profile_id IN (${ids})`;
    const made = JSON.parse(await run('query', asked, '--json')) as { profile_id: string; keys: string }[];
    const inLake = new Map(made.map(({ profile_id, keys }) => [profile_id, keys.split(',')]));
    expect(inLake.get(firmId)).toEqual(['lapsed_companies']);
    expect(inLake.get(buyerId)).toContain('lapsed_buyers');
  }, 400_000);

  it('leaves profiles from which npm run segment -- history tells who entered when', async () => {
    await run('job', 'marts');
    const { profileId } = await profileOf(`group_id:${firm}`);
    const stays = JSON.parse(await run('segment', 'history', 'lapsed_companies', '--json')) as { profileId: string }[];
    expect(stays.find((stay) => stay.profileId === profileId)).toEqual({
      ...{ profileId, enteredAt: expect.stringMatching(/^20\d\d-/), exitedAt: null },
    });
    const days = JSON.parse(await run('segment', 'history', 'lapsed_companies', '--by', 'day', '--json'));
    expect(days[0]).toMatchObject({ entered: expect.any(Number), members: expect.any(Number) });
    expect(await run('segment', 'history', 'lapsed_companies')).toMatch(new RegExp(`${profileId} .* is in`));
  }, 200_000);

  it.each([
    { args: ['--settle-minutes', 'soon'], code: 2, says: 'npm run compare [--' },
    { args: ['--stack', 'Nowhere'], code: 1, says: 'Nowhere' },
  ])('answers $args with $says', async ({ args, code, says }) => {
    const failure = (await run('compare', ...args).catch((error) => error)) as {
      code: number;
      stdout: string;
      stderr: string;
    };
    expect([failure.code, failure.stdout + failure.stderr]).toEqual([code, expect.stringContaining(says)]);
  });
});

it('a person who asks gets everything that profiles and the lake have of them, and nothing of a friend on their tablet', async () => {
  const ofAnn = await reportOf(ann);
  expect(ofAnn.report.events.rows.map(({ messageId }) => messageId)).toEqual([`${ann}-2`, `${ann}-1`]);
  expect(ofAnn.report.people[0]?.identifiers.map(({ value }) => value).sort()).toEqual(
    [ann, `${ann}@example.com`, tablet].sort(),
  );
  expect(ofAnn.text).not.toContain(bob);
  expect(ofAnn.page).toContain('&lt;b&gt;Ann&lt;/b&gt;');
  expect(ofAnn.page).toContain('Article 15(1)(h)');

  const ofBob = await reportOf(bob);
  expect(ofBob.report.events.rows.map(({ messageId }) => messageId)).toEqual([`${bob}-1`]);
  expect(ofBob.text).toContain(`${bob} was here`);
  expect(ofBob.text).not.toContain(ann);
  expect(ofBob.text).not.toContain(tablet);
});

describe('an erasure', () => {
  const scan = () => storesWith(textsOf(markers), began);

  it('leaves nothing of the person in any store, and all of everybody else', async () => {
    await analystAsks();
    const before = await others();
    expect(before.events).toHaveLength(3);
    for (const rows of [...before.theirs, before.log, before.mapped]) expect(rows).not.toEqual([]);
    expect(unknown).toEqual([]);
    expect(namesIn(await scan()), 'a scan that cannot see proves nothing').toEqual(expected);

    const filed = await fileErasure(markers.short);
    await eraseInLake(filed);
    const left = await scan();
    expect(placesIn(left, (store) => !passing.includes(store))).toEqual([]);
    await expire(versionsIn(left));
    await dropLetters();
    await complete(filed);
    const isLeft = (store: string, { at }: { at: number }) => !streams.includes(store) || at >= filed.emptied;
    expect(placesIn(await scan(), isLeft)).toEqual([]);
    expect(await others()).toEqual(before);
  }, 900_000);
});
