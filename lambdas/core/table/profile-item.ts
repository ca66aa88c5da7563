import { decodeMarks, encodeMarks } from '../profile/message-marks.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import { dueAttributes, dueTimeOf } from '../segments/due/due-time.ts';
import type { Absorbed } from '../stitching/batch/snapshot.ts';
import type { ProfileWrite } from '../stitching/profile-write.ts';
import { isObject } from '../values/json.ts';
import { packAggregates, unpackAggregates } from './aggregate-packing.ts';
import { historiesIn, packHistories } from './histories-packing.ts';
import { ifIn, isInt, isText, type Row, textIn, UnreadableItem, wholeIn } from './item-fields.ts';
import { packOwn, unpackOwn } from './own-packing.ts';
import { isEntryOf } from './packed-list.ts';
import { packProfile, unpackProfile } from './profile-packing.ts';

const isDecided = isEntryOf(isText, isInt);
const isTelling = isEntryOf(isInt, isText, isText);
const isTrue = (value: unknown): value is true => value === true;

/** An item at a profile's key: the live profile, or a tombstone that points to the profile it merged into. */
export type ProfileItem =
  | { readonly kind: 'profile'; readonly version: number; readonly profile: Profile }
  | MergedPointer;

/** Stitching only follows `mergedInto`; `parseTombstone` reads the fields for undoing the merge. */
interface MergedPointer {
  readonly kind: 'tombstone';
  readonly profileId: ProfileId;
  readonly version: number;
  readonly mergedInto: ProfileId;
}

/**
 * Reads an item. The platform wrote it, so each attribute is checked for its form alone, by hand.
 * @throws UnreadableItem when this code did not write the item
 */
export function parseProfileItem(item: unknown): ProfileItem {
  if (!isObject(item)) throw new UnreadableItem('the item', 'attributes by name');
  const { kind } = item;
  const version = wholeIn(item, 'version');
  if (kind === 'tombstone')
    return { kind, profileId: textIn(item, 'profileId'), version, mergedInto: textIn(item, 'mergedInto') };
  if (kind !== 'profile') throw new UnreadableItem('kind', 'profile or tombstone');
  return { kind, version, profile: { ...profileIn(item), ...dueTimeOf(ifIn(item, 'dueAt', isInt, 'a whole number')) } };
}

function profileIn(row: Row): Profile {
  const collection = row.collection;
  if (collection !== 'users' && collection !== 'accounts') throw new UnreadableItem('collection', 'users or accounts');
  const histories = historiesIn(row);
  const all = {
    eventCount: wholeIn(row, 'eventCount'),
    firstSeen: textIn(row, 'firstSeen'),
    lastSeen: textIn(row, 'lastSeen'),
    aggregates: unpackAggregates(ifIn(row, 'aggregates', isText, 'a text')),
    ...(histories && { histories }),
    ...unpackProfile(row),
  };
  const decided = ifIn(row, 'decided', isDecided, 'a version and a time');
  const telling = ifIn(row, 'telling', isTelling, 'a version, an account and a profile');
  return {
    profileId: textIn(row, 'profileId'),
    collection,
    createdAt: textIn(row, 'createdAt'),
    heard: decodeMarks(ifIn(row, 'heard', isText, 'a text') ?? ''),
    ...all,
    ...unpackOwn(row, all, decodeMarks(textIn(row, 'marks'))),
    ...(decided && { decided: { by: decided[0], at: decided[1] } }),
    ...(ifIn(row, 'listed', isTrue, 'true') && { listed: true }),
    ...(ifIn(row, 'suppressed', isTrue, 'true') && { suppressed: true }),
    ...(ifIn(row, 'barred', isTrue, 'true') && { barred: true }),
    ...(telling && { telling: { of: telling[0], account: telling[1], after: telling[2] } }),
  };
}

/**
 * The item of a live profile, which alone may be in the due index. The table's stream is filtered by `changes` and
 * `log`, which exist only if not empty.
 */
export function toProfileItem(
  profile: Profile,
  version: number,
  { changes, traits = [], again = [], log }: Pick<ProfileWrite, 'changes' | 'traits' | 'again' | 'log'>,
): Record<string, unknown> {
  const news = [...changes, ...traits.map((trait) => ({ trait })), ...again];
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
    ...(profile.barred && { barred: true }),
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
    if (!isObject(item) || item.kind !== 'tombstone') return undefined;
    return {
      profile: profileIn(item),
      version: wholeIn(item, 'version'),
      shared: decodeMarks(textIn(item, 'shared')),
      mergedInto: textIn(item, 'mergedInto'),
      messageId: textIn(item, 'messageId'),
      at: textIn(item, 'at'),
    };
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
