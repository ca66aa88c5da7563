import * as z from 'zod';
import { decodeMarks, encodeMarks } from './marks.ts';
import type { Profile, ProfileId } from './profile.ts';
import { PackedProfile, packProfile, unpackProfile } from './profile-packing.ts';
import type { ProfileWrite } from './stitch.ts';

const LiveItem = z.object({
  kind: z.literal('profile'),
  profileId: z.string(),
  collection: z.enum(['users', 'accounts']),
  version: z.int(),
  createdAt: z.string(),
  eventCount: z.int(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  marks: z.string().transform(decodeMarks),
  ...PackedProfile.shape,
});

const Tombstone = z.object({ kind: z.literal('tombstone'), profileId: z.string(), version: z.int(), mergedInto: z.string() });

const Item = z.discriminatedUnion('kind', [LiveItem, Tombstone]);

/** What the table holds at a profile's key: the live profile, or a tombstone that leads to the one it was merged into. */
export type ProfileItem = { readonly kind: 'profile'; readonly version: number; readonly profile: Profile } | z.infer<typeof Tombstone>;

/** Reads an item. @throws ZodError when the item is none that this code wrote. */
export function parseProfileItem(item: unknown): ProfileItem {
  const row = Item.parse(item);
  if (row.kind === 'tombstone') return row;
  const { profileId, collection, createdAt, eventCount, firstSeen, lastSeen, marks } = row;
  const profile = { profileId, collection, createdAt, eventCount, firstSeen, lastSeen, marks, ...unpackProfile(row) };
  return { kind: 'profile', version: row.version, profile };
}

/** The item of a live profile. `changes` and `log`, when there are any, are what the table's stream is filtered by. */
export function toProfileItem(profile: Profile, version: number, { changes, log }: Pick<ProfileWrite, 'changes' | 'log'>): Record<string, unknown> {
  const { profileId, collection, createdAt, eventCount, firstSeen, lastSeen, marks } = profile;
  return {
    kind: 'profile',
    version,
    ...{ profileId, collection, createdAt, eventCount, firstSeen, lastSeen },
    marks: encodeMarks(marks),
    ...packProfile(profile),
    ...(changes.length > 0 && { changes: JSON.stringify(changes) }),
    ...(log.length > 0 && { log: JSON.stringify(log) }),
  };
}

/** The live profile at an id, or at the end of its tombstones, as far as `items` hold them. */
export function liveAt(profileId: ProfileId, items: ReadonlyMap<ProfileId, ProfileItem>): Extract<ProfileItem, { kind: 'profile' }> | undefined {
  let item = items.get(profileId);
  for (let hops = 0; item?.kind === 'tombstone' && hops < items.size; hops++) item = items.get(item.mergedInto);
  return item?.kind === 'profile' ? item : undefined;
}
