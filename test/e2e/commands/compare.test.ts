import { describe, expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { forget, plant, profileOf, type StoredProfile } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

const run = async (script: string, ...args: string[]): Promise<string> =>
  (await npmRun(script, ...args, '--local')).stdout;

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
