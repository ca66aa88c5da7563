import * as z from 'zod';
import { eventTypes } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Touches } from '../profile/campaign-touch.ts';
import { type ConsentStatement, categoryOf, consentKey, speakerOf } from '../profile/consent.ts';
import type { Horizons } from '../profile/horizons.ts';
import type { Profile, Seen } from '../profile/profile.ts';
import type { Statement } from '../profile/trait.ts';
import { readJson } from '../values/json.ts';
import { PackedMemberships, packMemberships } from './membership-packing.ts';
import { isEntryOf, isInt, isText, listOf } from './packed-list.ts';
import { packTime, packTimes, unpackTime, unpackTimes } from './packed-time.ts';
import { isTraitEntry, packTrait, unpackTrait } from './trait-packing.ts';

/**
 * JSON text in an item, which returns exactly what a client sent: DynamoDB's own maps refuse empty names, numbers
 * beyond 1e126 and nesting beyond 32 levels. Every write pays for each kilobyte, so times are milliseconds in base 36,
 * and each statement is stored once, in `sayings`.
 */
export const json = <T extends z.ZodType>(schema: T) => z.string().transform(readJson).pipe(schema);

const isSeen = isEntryOf(isText, isText, isText, isText);
type SeenEntry = [id: string, first: string, last: string, linked: string];
const isStatement = isEntryOf(isText, isText, isText);
type PackedStatement = [messageId: string, at: string, sourceId: string];
const isDated = isEntryOf(isText, isText);
const Time = z.string();
const Granted = z.union([z.literal(0), z.literal(1)]);
/** Category, identifier, and the statement. */
const ConsentEntry = z.tuple([z.string(), z.string(), Granted, Time, z.string(), z.string().optional()]);
/** An earlier form with `category|identifier` in one text, in which both may contain `|`. */
const EarlierConsentEntry = z.tuple([z.string(), Granted, Time, z.string()]);

/** The attributes of an item with a profile's lists; empty ones are left out. */
export const PackedProfile = z.object({
  identifiers: listOf(isSeen).optional(),
  sayings: listOf(isStatement).optional(),
  traits: listOf(isTraitEntry, readJson).optional(),
  horizons: json(z.custom<Horizons>((value) => typeof value === 'object' && value !== null)).optional(),
  consent: json(z.array(z.union([ConsentEntry, EarlierConsentEntry]))).optional(),
  accounts: listOf(isSeen).optional(),
  touches: json(z.custom<Touches>((value) => typeof value === 'object' && value !== null)).optional(),
  recent: listOf(isEntryOf(isInt, isText, isInt)).optional(),
  merged: listOf(isDated).optional(),
  apart: listOf(isText).optional(),
  segments: PackedMemberships.optional(),
});

type Lists = Pick<
  Profile,
  | 'identifiers'
  | 'traits'
  | 'consent'
  | 'accounts'
  | 'touches'
  | 'recent'
  | 'merged'
  | 'apart'
  | 'segments'
  | 'horizons'
>;

/** Packs a profile's lists as attributes. */
export function packProfile(profile: Lists): Record<string, string> {
  const indexes = new Map<string, number>();
  const statements: PackedStatement[] = [];
  const indexOf = ({ messageId, timestamp, sourceId }: Statement): number => {
    const key = `${messageId} ${timestamp} ${sourceId}`;
    const known = indexes.get(key);
    if (known !== undefined) return known;
    indexes.set(key, statements.length);
    return statements.push([messageId, packTime(timestamp), sourceId]) - 1;
  };
  const seen = (entries: Iterable<readonly [string, Seen]>) =>
    [...entries].map(([id, { first, last, linked }]) => [id, packTime(first), packTime(last), packTime(linked)]);
  const traits = [...profile.traits].map(([name, trait]) => [name, ...packTrait(trait, indexOf)]);
  const recent = profile.recent.map((event) => [eventTypes.indexOf(event.type), event.name, indexOf(event)]);
  const lists = {
    identifiers: seen(profile.identifiers),
    traits,
    recent,
    sayings: statements,
    consent: [...profile.consent].map(([key, { granted, timestamp, messageId, sourceId }]) => [
      categoryOf(key),
      speakerOf(key),
      granted ? 1 : 0,
      packTime(timestamp),
      messageId,
      ...(sourceId === undefined ? [] : [sourceId]),
    ]),
    accounts: seen(profile.accounts),
    merged: packTimes(profile.merged),
    apart: [...profile.apart],
  };
  const segments = profile.segments.size > 0 ? [['segments', packMemberships(profile.segments)]] : [];
  const touches = Object.keys(profile.touches).length > 0 ? [['touches', JSON.stringify(profile.touches)]] : [];
  const horizons = profile.horizons ? [['horizons', JSON.stringify(profile.horizons)]] : [];
  const packed = Object.entries(lists).flatMap(([name, all]) => (all.length > 0 ? [[name, JSON.stringify(all)]] : []));
  return Object.fromEntries([...packed, ...segments, ...touches, ...horizons]);
}

/** Unpacks a profile's lists. */
export function unpackProfile(packed: z.infer<typeof PackedProfile>): Lists {
  const statements = (packed.sayings ?? []).map(([messageId, at, sourceId]) => ({
    messageId,
    timestamp: unpackTime(at),
    sourceId,
  }));
  const statementAt = (index: number) =>
    statements[index] ?? { messageId: '', timestamp: unpackTime('0'), sourceId: '' };
  const seen = <Key extends string>(entries: readonly SeenEntry[] = []) =>
    new Map(
      entries.map(([id, first, last, linked]): [Key, Seen] => [
        id as Key,
        { first: unpackTime(first), last: unpackTime(last), linked: unpackTime(linked) },
      ]),
    );
  return {
    identifiers: seen<Identifier>(packed.identifiers),
    traits: new Map((packed.traits ?? []).map(([name, ...entry]) => [name, unpackTrait(entry, statementAt)])),
    ...(packed.horizons && { horizons: packed.horizons }),
    recent: (packed.recent ?? []).map(([at, name, index]) => ({
      type: eventTypes[at] ?? 'track',
      name,
      ...statementAt(index),
    })),
    consent: new Map((packed.consent ?? []).map((entry) => consentIn(entry, packed.identifiers))),
    accounts: seen(packed.accounts),
    touches: packed.touches ?? {},
    merged: unpackTimes(packed.merged),
    apart: new Set(packed.apart ?? []),
    segments: packed.segments ?? new Map<string, string>(),
  };
}

function consentIn(
  entry: z.infer<typeof ConsentEntry> | z.infer<typeof EarlierConsentEntry>,
  identifiers: readonly SeenEntry[] = [],
): [string, ConsentStatement] {
  const [category, speaker, granted, at, messageId, sourceId] =
    entry.length === 4 ? [...partedKey(entry[0], identifiers), ...rest(entry)] : entry;
  const statement = { granted: granted === 1, timestamp: unpackTime(at), messageId, ...(sourceId && { sourceId }) };
  return [consentKey(category, speaker as Identifier), statement];
}

const rest = ([, granted, at, messageId]: z.infer<typeof EarlierConsentEntry>) => [granted, at, messageId] as const;

/** Splits before the longest identifier of the profile that the key ends with; otherwise at the first `|`. */
function partedKey(key: string, identifiers: readonly SeenEntry[]): [string, string] {
  const owned = identifiers.map(([id]) => id.length).filter((_, n) => key.endsWith(`|${identifiers[n]?.[0]}`));
  const at = owned.length === 0 ? key.indexOf('|') : key.length - Math.max(...owned) - 1;
  return [key.slice(0, at), key.slice(at + 1)];
}
