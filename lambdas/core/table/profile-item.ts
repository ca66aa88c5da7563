import * as z from 'zod';
import { decodeMarks, encodeMarks } from '../profile/message-marks.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import { dueAttributes, dueTimeOf } from '../segments/due/due-time.ts';
import type { Absorbed } from '../stitching/batch/snapshot.ts';
import type { ProfileWrite } from '../stitching/plan.ts';
import { packAggregates, unpackAggregates } from './aggregate-packing.ts';
import { PackedHistories, packHistories } from './histories-packing.ts';
import { PackedOwn, packOwn, unpackOwn } from './own-packing.ts';
import { isEntryOf, isInt, isText } from './packed-list.ts';
import { PackedProfile, packProfile, unpackProfile } from './profile-packing.ts';

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
  heard: z.string().default('').transform(decodeMarks),
  dueAt: z.int().optional(),
  own: PackedOwn.optional(),
  aggregates: z.string().optional(),
  histories: PackedHistories.optional(),
  decided: z.custom<[by: string, at: number]>(isEntryOf(isText, isInt)).optional(),
  listed: z.literal(true).optional(),
  suppressed: z.literal(true).optional(),
  telling: z.tuple([z.int(), z.string(), z.string()]).optional(),
  ...PackedProfile.shape,
});

/** Stitching only follows `mergedInto`; `parseTombstone` reads the fields for undoing the merge. */
const MergedPointer = z.object({
  kind: z.literal('tombstone'),
  profileId: z.string(),
  version: z.int(),
  mergedInto: z.string(),
});

const TombstoneItem = LiveItem.extend({
  kind: z.literal('tombstone'),
  mergedInto: z.string(),
  messageId: z.string(),
  at: z.string(),
  shared: z.string().transform(decodeMarks),
});

const Item = z.discriminatedUnion('kind', [LiveItem, MergedPointer]);

/** An item at a profile's key: the live profile, or a tombstone that points to the profile it merged into. */
export type ProfileItem =
  | { readonly kind: 'profile'; readonly version: number; readonly profile: Profile }
  | z.infer<typeof MergedPointer>;

/**
 * Reads an item.
 * @throws ZodError when this code did not write the item
 */
export function parseProfileItem(item: unknown): ProfileItem {
  const row = Item.parse(item);
  if (row.kind === 'tombstone') return row;
  return { kind: 'profile', version: row.version, profile: { ...profileIn(row), ...dueTimeOf(row.dueAt) } };
}

function profileIn(row: z.infer<typeof LiveItem> | z.infer<typeof TombstoneItem>): Profile {
  const { profileId, collection, createdAt, eventCount, firstSeen, lastSeen, heard, decided } = row;
  const all = {
    eventCount,
    firstSeen,
    lastSeen,
    aggregates: unpackAggregates(row.aggregates),
    ...(row.histories && { histories: row.histories }),
    ...unpackProfile(row),
  };
  return {
    profileId,
    collection,
    createdAt,
    heard,
    ...all,
    ...unpackOwn(row.own, all, row.marks),
    ...(decided && { decided: { by: decided[0], at: decided[1] } }),
    ...(row.listed && { listed: row.listed }),
    ...(row.suppressed && { suppressed: row.suppressed }),
    ...(row.telling && { telling: { of: row.telling[0], account: row.telling[1], after: row.telling[2] } }),
  };
}

/**
 * The item of a live profile, which alone may be in the due index. The table's stream is filtered by `changes` and
 * `log`, which exist only if not empty.
 */
export function toProfileItem(
  profile: Profile,
  version: number,
  { changes, traits = [], log }: Pick<ProfileWrite, 'changes' | 'traits' | 'log'>,
): Record<string, unknown> {
  const news = [...changes, ...traits.map((trait) => ({ trait }))];
  const reports = { ...listed('changes', news), ...listed('log', log) };
  return Object.assign(attributesOf(profile), { kind: 'profile', version }, dueAttributes(profile), reports);
}

const listed = (name: string, list: readonly unknown[]) => (list.length > 0 ? { [name]: JSON.stringify(list) } : {});

const attributesOf = (profile: Profile): Record<string, unknown> => {
  const { profileId, collection, createdAt, eventCount, firstSeen, lastSeen, heard, decided } = profile;
  const aggregates = packAggregates(profile.aggregates);
  const own = packOwn(profile);
  return {
    profileId,
    collection,
    createdAt,
    eventCount,
    firstSeen,
    lastSeen,
    ...packProfile(profile),
    marks: encodeMarks((profile.own ?? profile).marks),
    ...(heard.size > 0 && { heard: encodeMarks(heard) }),
    ...(own && { own }),
    ...(aggregates !== undefined && { aggregates }),
    ...(profile.histories && { histories: packHistories(profile.histories) }),
    ...(decided && { decided: [decided.by, decided.at] }),
    ...(profile.listed && { listed: true }),
    ...(profile.suppressed && { suppressed: true }),
    ...(profile.telling && { telling: [profile.telling.of, profile.telling.account, profile.telling.after] }),
  };
};

/** A merged profile, its survivor and the event of the merge, with everything that undoing needs. */
export interface Tombstone extends Absorbed {
  readonly mergedInto: ProfileId;
  readonly messageId: string;
  readonly at: string;
}

/** The item of a merged profile. */
export const toTombstone = ({
  profile,
  version,
  shared,
  mergedInto,
  messageId,
  at,
}: Tombstone): Record<string, unknown> => ({
  ...attributesOf(profile),
  kind: 'tombstone',
  version,
  mergedInto,
  messageId,
  at,
  shared: encodeMarks(shared),
});

/**
 * Reads a tombstone; undefined if the item is not a tombstone, lacks the fields for undoing, or is unreadable. Then
 * only that merge cannot be undone.
 */
export function parseTombstone(item: unknown): Tombstone | undefined {
  try {
    const row = TombstoneItem.parse(item);
    const { version, shared, mergedInto, messageId, at } = row;
    return { profile: profileIn(row), version, shared, mergedInto, messageId, at };
  } catch {
    return undefined;
  }
}

/** The live profile at an id, or at the end of its tombstones, within `items`. */
export function liveAt(
  profileId: ProfileId,
  items: ReadonlyMap<ProfileId, ProfileItem>,
): Extract<ProfileItem, { kind: 'profile' }> | undefined {
  let item = items.get(profileId);
  for (let hops = 0; item?.kind === 'tombstone' && hops < items.size; hops++) item = items.get(item.mergedInto);
  return item?.kind === 'profile' ? item : undefined;
}
