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
  }, 300_000);

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
