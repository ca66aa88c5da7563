import { expect } from 'vitest';
import { run } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

/** Kinds of difference of the last comparison that are about these profiles. */
export async function found(profileIds: readonly string[]): Promise<string[]> {
  const sql = `SELECT kind FROM profile_differences WHERE compared_at = (SELECT max(compared_at) FROM profile_differences)
    AND profile_id IN (${profileIds.map((id) => `'${id}'`).join(', ')}) ORDER BY kind`;
  return (JSON.parse(await run('query', sql, '--json')) as { kind: string }[]).map(({ kind }) => kind);
}

export const firm = unique('compared-firm');
const buyer = unique('compared-buyer');

/** A company that stopped ordering, and somebody who buys for it: when both are in their segments, and their ids. */
export async function lapsed(): Promise<readonly [string, string]> {
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
