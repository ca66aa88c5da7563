import * as z from 'zod';
import type { Identifier } from './identifier.ts';
import { decodeMarks, encodeMarks } from './marks.ts';
import type { Profile, ProfileId } from './profile.ts';
import type { SegmentChange } from './segment.ts';

/**
 * JSON inside an item, so that whatever a client sent comes back as it was: the table's own maps
 * refuse empty names, numbers beyond 1e126 and nesting beyond 32 levels.
 */
const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema);

const entries = <V>(value: z.ZodType<V>) => z.array(z.tuple([z.string(), value])).transform((pairs) => new Map(pairs as [string, V][]));

const LiveItem = z.object({
  kind: z.literal('profile'),
  profileId: z.string(),
  version: z.int(),
  createdAt: z.string(),
  identifiers: json(entries(z.object({ first: z.string(), last: z.string() }))),
  traits: json(entries(z.object({ value: z.unknown(), timestamp: z.string(), messageId: z.string(), sourceId: z.string() }))),
  segments: json(entries(z.string())),
  marks: z.string().transform(decodeMarks),
  eventCount: z.int(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  mergeCount: z.int(),
});

const Tombstone = z.object({ kind: z.literal('tombstone'), profileId: z.string(), version: z.int(), mergedInto: z.string() });

/** What the table holds at a profile's key: the live profile, or a tombstone that leads to the one it was merged into. */
export type ProfileItem = { readonly kind: 'profile'; readonly version: number; readonly profile: Profile } | z.infer<typeof Tombstone>;

/** Reads an item. @throws ZodError when the item is none that this code wrote. */
export function parseProfileItem(item: unknown): ProfileItem {
  const row = z.discriminatedUnion('kind', [LiveItem, Tombstone]).parse(item);
  if (row.kind === 'tombstone') return row;
  const { kind, version, ...profile } = row;
  return { kind, version, profile: { ...profile, identifiers: profile.identifiers as Map<Identifier, { first: string; last: string }> } };
}

/** The item of a live profile; `changes`, when there are any, is what the table's stream is filtered by. */
export function toProfileItem(profile: Profile, version: number, changes: readonly SegmentChange[]): Record<string, unknown> {
  return {
    kind: 'profile',
    ...profile,
    version,
    identifiers: JSON.stringify([...profile.identifiers]),
    traits: JSON.stringify([...profile.traits]),
    segments: JSON.stringify([...profile.segments]),
    marks: encodeMarks(profile.marks),
    ...(changes.length > 0 && { changes: JSON.stringify(changes) }),
  };
}

export const toTombstone = (profileId: ProfileId, version: number, mergedInto: ProfileId): Record<string, unknown> => ({
  kind: 'tombstone',
  profileId,
  version,
  mergedInto,
});

/** The live profile at an id, or at the end of its tombstones, as far as `items` hold them. */
export function liveAt(profileId: ProfileId, items: ReadonlyMap<ProfileId, ProfileItem>): Extract<ProfileItem, { kind: 'profile' }> | undefined {
  let item = items.get(profileId);
  for (let hops = 0; item?.kind === 'tombstone' && hops < items.size; hops++) item = items.get(item.mergedInto);
  return item?.kind === 'profile' ? item : undefined;
}
