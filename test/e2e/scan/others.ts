import { expect } from 'vitest';
import { run } from '../npm-run.ts';
import { allItems, profileOf } from '../observed/profiles.ts';
import { founding } from './calls.ts';
import { eve, markers, mate, sam, samsEmail, shared } from './people.ts';

const rows = async (sql: string): Promise<unknown> => JSON.parse(await run('query', `${sql} ORDER BY 1, 2`, '--json'));

/** Ids of all profiles that were hers: her own, and those that merged into it and were not parted again. */
export async function idsOfHer(): Promise<string[]> {
  const { profileId, merges } = JSON.parse(await run('explain', `user_id:${markers.short}`, '--json'));
  const parted = (await profileOf(samsEmail)).profileId;
  const ids = [profileId, ...merges.map(({ absorbed }: { absorbed: string }) => absorbed)];
  const hers = ids.filter((id) => id !== parted);
  expect(hers).toHaveLength(founding);
  return hers;
}

/** Keys of the items of others who may remember her: whom she was parted from, and her account. */
export async function rememberers() {
  const owners = [await profileOf(samsEmail), await profileOf(`group_id:${shared.firm}`)];
  const items = [...(await allItems())];
  const [parted, account] = owners.map(({ profileId }) =>
    items.filter(([, item]) => item.profileId === profileId).map(([key]) => key),
  ) as [string[], string[]];
  return { parted, account };
}

/**
 * People who are not erased: their items, but what their last write announced, and their rows in the lake, but that
 * the erased person's device was kept out of a friend's profile, which names the device.
 */
export async function others() {
  const ids = await Promise.all([`user_id:${mate}`, `user_id:${eve}`, samsEmail].map((one) => profileOf(one)));
  const items = [...(await allItems()).values()].map(({ log: _logged, changes: _told, ...item }) => item);
  const theirs = ids.map(({ profileId }) => items.filter((item) => item.profileId === profileId));
  const quoted = ids.map(({ profileId }) => `'${profileId}'`).join(', ');
  const [events, log, mapped] = await Promise.all([
    rows(`SELECT * FROM events WHERE message_id IN ('${mate}', '${eve}', '${sam}')`),
    rows(`SELECT * FROM identity_log WHERE profile_id IN (${quoted}) AND kind <> 'drop'`),
    rows(`SELECT * FROM identity_map WHERE profile_id IN (${quoted})`),
  ]);
  return { theirs, events, log, mapped };
}

/** Kinds of decisions in the lake that name one of some profiles. */
export async function decisionsAbout(ids: readonly string[]): Promise<string[]> {
  const listed = ids.map((id) => `'${id}'`).join(', ');
  const named = ['profile_id', 'absorbed', 'apart'].map((column) => `${column} IN (${listed})`).join(' OR ');
  const found = (await rows(`SELECT DISTINCT kind, 1 FROM identity_log WHERE ${named}`)) as { kind: string }[];
  return found.map(({ kind }) => kind);
}

/** Sees that those who are compared are there at all. */
export function areThere({ theirs, events, log, mapped }: Awaited<ReturnType<typeof others>>): void {
  const of = (name: string, all: unknown) => (all as Record<string, unknown>[]).map((each) => each[name]);
  for (const items of theirs)
    for (const kind of [/^profile#/, /^identifier#/])
      expect(of('pk', items)).toContainEqual(expect.stringMatching(kind));
  expect(of('message_id', events)).toHaveLength(3);
  expect(of('kind', log)).toEqual(expect.arrayContaining(['link', 'unmerge']));
  for (const value of [mate, eve, `${sam}@example.com`]) expect(JSON.stringify(mapped)).toContain(value);
}
