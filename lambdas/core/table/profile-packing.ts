import { eventTypes } from '../events/event.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Touches } from '../profile/campaign-touch.ts';
import { type ConsentStatement, categoryOf, consentKey, spokenUnder } from '../profile/consent.ts';
import type { Horizons } from '../profile/horizons.ts';
import type { Profile, Seen } from '../profile/profile.ts';
import type { Statement } from '../profile/trait.ts';
import { isObject, readJson } from '../values/json.ts';
import { isInt, isText, jsonIn, listIn, type Row, UnreadableItem } from './item-fields.ts';
import { membershipsIn, packMemberships } from './membership-packing.ts';
import { isEntryOf } from './packed-list.ts';
import { packTime, packTimes, unpackTime, unpackTimes } from './packed-time.ts';
import { isTraitEntry, packTrait, unpackTrait } from './trait-packing.ts';

const isSeen = isEntryOf(isText, isText, isText, isText);
type SeenEntry = [id: string, first: string, last: string, linked: string];
/** Every write pays for each kilobyte, so each statement is stored once, in `sayings`. */
const isStatement = isEntryOf(isText, isText, isText);
type PackedStatement = [messageId: string, at: string, sourceId: string];
const isRecent = isEntryOf(isInt, isText, isInt);
const isDated = isEntryOf(isText, isText);
const isGranted = (part: unknown): part is 0 | 1 => part === 0 || part === 1;
type ConsentEntry = [category: string, speaker: string, granted: 0 | 1, at: string, messageId: string, source?: string];
const isNewerConsent = isEntryOf(isText, isText, isGranted, isText, isText);
const isSourcedConsent = isEntryOf(isText, isText, isGranted, isText, isText, isText);
/** An earlier form with `category|identifier` in one text, in which both may contain `|`. */
type EarlierConsentEntry = [key: string, granted: 0 | 1, at: string, messageId: string];
const isEarlierConsent = isEntryOf(isText, isGranted, isText, isText);
const isConsent = (entry: unknown): entry is ConsentEntry | EarlierConsentEntry =>
  isNewerConsent(entry) || isSourcedConsent(entry) || isEarlierConsent(entry);
const isHorizons = (value: unknown): value is Horizons => isObject(value);
const isTouches = (value: unknown): value is Touches => isObject(value);

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
  const said: Statement[] = [];
  const add = (statement: Statement): number => {
    said.push(statement);
    return statements.push([statement.messageId, packTime(statement.timestamp), statement.sourceId]) - 1;
  };
  const indexOf = (statement: Statement): number => {
    const known = indexes.get(statement.messageId);
    if (known === undefined) {
      const index = add(statement);
      indexes.set(statement.messageId, index);
      return index;
    }
    if (isSameStatement(said.at(known), statement)) return known;
    // Few messages say something at two times.
    const other = said.findIndex((one) => isSameStatement(one, statement));
    return other < 0 ? add(statement) : other;
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
      spokenUnder(key),
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

const isSameStatement = (a: Statement | undefined, b: Statement): boolean =>
  a !== undefined && a.messageId === b.messageId && a.timestamp === b.timestamp && a.sourceId === b.sourceId;

/**
 * Unpacks a profile's lists from its item; what is left out there is empty.
 * @throws UnreadableItem
 */
export function unpackProfile(row: Row): Lists {
  const identifiers = listIn(row, 'identifiers', isSeen);
  const statements = (listIn(row, 'sayings', isStatement) ?? []).map(statementIn);
  const statementAt = (index: number): Statement => {
    const statement = statements[index];
    if (statement === undefined) throw new UnreadableItem('sayings', 'all statements of the item');
    return statement;
  };
  const horizons = jsonIn(row, 'horizons', isHorizons, readJson);
  return {
    identifiers: seenIn<Identifier>(identifiers),
    traits: new Map(
      (listIn(row, 'traits', isTraitEntry, readJson) ?? []).map(([name, ...entry]) => [
        name,
        unpackTrait(entry, statementAt),
      ]),
    ),
    ...(horizons && { horizons }),
    recent: (listIn(row, 'recent', isRecent) ?? []).map(([at, name, index]) => {
      const type = eventTypes[at];
      if (type === undefined) throw new UnreadableItem('recent', 'events of types that this code knows');
      const { messageId, timestamp, sourceId } = statementAt(index);
      return { type, name, messageId, timestamp, sourceId };
    }),
    consent: new Map((listIn(row, 'consent', isConsent, readJson) ?? []).map((entry) => consentIn(entry, identifiers))),
    accounts: seenIn(listIn(row, 'accounts', isSeen)),
    touches: jsonIn(row, 'touches', isTouches, readJson) ?? {},
    merged: unpackTimes(listIn(row, 'merged', isDated)),
    apart: new Set(listIn(row, 'apart', isText)),
    segments: membershipsIn(row),
  };
}

const statementIn = ([messageId, at, sourceId]: PackedStatement): Statement => ({
  messageId,
  timestamp: unpackTime(at),
  sourceId,
});

const seenIn = <Key extends string>(entries: readonly SeenEntry[] = []): Map<Key, Seen> =>
  new Map(
    entries.map(([id, first, last, linked]): [Key, Seen] => [
      id as Key,
      { first: unpackTime(first), last: unpackTime(last), linked: unpackTime(linked) },
    ]),
  );

function consentIn(
  entry: ConsentEntry | EarlierConsentEntry,
  identifiers: readonly SeenEntry[] = [],
): [string, ConsentStatement] {
  const [category, speaker, granted, at, messageId, sourceId] =
    entry.length === 4 ? [...partedKey(entry[0], identifiers), ...rest(entry)] : entry;
  const statement = { granted: granted === 1, timestamp: unpackTime(at), messageId, ...(sourceId && { sourceId }) };
  return [consentKey(category, speaker as Identifier), statement];
}

const rest = ([, granted, at, messageId]: EarlierConsentEntry) => [granted, at, messageId] as const;

/** Splits before the longest identifier of the profile that the key ends with; otherwise at the first `|`. */
function partedKey(key: string, identifiers: readonly SeenEntry[]): [string, string] {
  const owned = identifiers.map(([id]) => id.length).filter((_, n) => key.endsWith(`|${identifiers[n]?.[0]}`));
  const at = owned.length === 0 ? key.indexOf('|') : key.length - Math.max(...owned) - 1;
  return [key.slice(0, at), key.slice(at + 1)];
}
