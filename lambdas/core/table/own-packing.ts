import { decodeMarks, encodeMarks, joinMarks, type Marks } from '../profile/message-marks.ts';
import type { Mergeable, Profile } from '../profile/profile.ts';
import { isObject } from '../values/json.ts';
import { packOwnAggregates, unpackOwnAggregates } from './aggregate-packing.ts';
import { historiesIn, packHistories } from './histories-packing.ts';
import { ifIn, isInt, isText, jsonIn, type Row } from './item-fields.ts';
import { packProfile, unpackProfile } from './profile-packing.ts';

/** Names of traits, accounts, segments, touches and profiles apart that only merged profiles have. */
type Without = readonly [string[], string[], string[], string[], string[]];
const isWithout = (value: unknown): value is Without =>
  Array.isArray(value) && value.length === 5 && value.every((names) => Array.isArray(names) && names.every(isText));

const nothing = { identifiers: new Map(), consent: new Map(), merged: new Map(), apart: new Set<string>() };
const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
const touchesOf = ({ touches }: Pick<Mergeable, 'touches'>) =>
  new Map(Object.entries(touches).filter(([, touch]) => touch !== undefined));

/** Packs a profile's own statements; undefined if nothing was merged. */
export function packOwn({ own, ...all }: Profile): Record<string, unknown> | undefined {
  if (own === undefined) return undefined;
  const aggregates = packOwnAggregates(own.aggregates, all.aggregates);
  const lent = new Map([...all.marks].filter(([mark, hour]) => own.marks.get(mark) !== hour));
  const packed = {
    ...packProfile({
      ...nothing,
      traits: differing(own.traits, all.traits),
      accounts: differing(own.accounts, all.accounts),
      segments: differing(own.segments, all.segments),
      touches: Object.fromEntries(differing(touchesOf(own), touchesOf(all))),
      recent: isSame(own.recent, all.recent) ? [] : own.recent,
    }),
    ...(!isSame(own.horizons, all.horizons) && { horizons: JSON.stringify(own.horizons ?? {}) }),
    ...(own.recent.length === 0 && all.recent.length > 0 && { recent: '[]' }),
    ...(own.eventCount !== all.eventCount && { eventCount: own.eventCount }),
    ...(own.firstSeen !== all.firstSeen && { firstSeen: own.firstSeen }),
    ...(own.lastSeen !== all.lastSeen && { lastSeen: own.lastSeen }),
    ...(aggregates !== undefined && { aggregates }),
    ...historiesApart(own, all),
    ...(lent.size > 0 && { lent: encodeMarks(lent) }),
    ...withoutOf(own, all),
  };
  return Object.keys(packed).length > 0 ? packed : undefined;
}

function historiesApart(own: Mergeable, all: Mergeable): { readonly histories?: unknown } {
  const mine = packHistories(own.histories);
  return isSame(mine, packHistories(all.histories)) ? {} : { histories: mine ?? null };
}

const differing = <V>(own: ReadonlyMap<string, V>, all: ReadonlyMap<string, V>): Map<string, V> =>
  new Map([...own].filter(([name, value]) => !isSame(value, all.get(name))));

function withoutOf(own: Mergeable, all: Mergeable): { without?: string } {
  const missing = (mine: Pick<Mergeable['apart'], 'has'>, names: Iterable<string>) =>
    [...names].filter((name) => !mine.has(name));
  const without = [
    missing(own.traits, all.traits.keys()),
    missing(own.accounts, all.accounts.keys()),
    missing(own.segments, all.segments.keys()),
    missing(touchesOf(own), touchesOf(all).keys()),
    missing(own.apart, all.apart),
  ];
  return without.some((names) => names.length > 0) ? { without: JSON.stringify(without) } : {};
}

type Names = ReadonlySet<string>;
const nobody: Names = new Set();

/**
 * Unpacks a profile's own statements, which its item has where they differ from the whole profile; `marks` are the
 * profile's own marks. Without them nothing was merged.
 * @throws UnreadableItem
 */
export function unpackOwn(row: Row, all: Omit<Mergeable, 'marks'>, marks: Marks): Pick<Profile, 'marks' | 'own'> {
  const packed = ifIn(row, 'own', isObject, 'statements of its own');
  if (packed === undefined) return { marks };
  const unpacked = unpackProfile(packed);
  const horizons = packed.horizons === undefined ? all.horizons : unpacked.horizons;
  const histories = packed.histories === undefined ? all.histories : ownHistoriesIn(packed);
  const without = (jsonIn(packed, 'without', isWithout) ?? []).map((names): Names => new Set(names));
  const [traits = nobody, accounts = nobody, segments = nobody, touches = nobody, apart = nobody] = without;
  const mine = <V>(
    list: ReadonlyMap<string, V>,
    without: ReadonlySet<string>,
    own: ReadonlyMap<string, V>,
  ): Map<string, V> => new Map([...[...list].filter(([name]) => !without.has(name)), ...own]);
  const own: Mergeable = {
    traits: mine(all.traits, traits, unpacked.traits),
    accounts: mine(all.accounts, accounts, unpacked.accounts),
    segments: mine(all.segments, segments, unpacked.segments),
    touches: Object.fromEntries(mine(touchesOf(all), touches, touchesOf(unpacked))),
    apart: new Set([...all.apart].filter((id) => !apart.has(id))),
    aggregates: unpackOwnAggregates(ifIn(packed, 'aggregates', isText, 'a text'), all.aggregates),
    recent: packed.recent === undefined ? all.recent : unpacked.recent,
    eventCount: ifIn(packed, 'eventCount', isInt, 'a whole number') ?? all.eventCount,
    firstSeen: ifIn(packed, 'firstSeen', isText, 'a text') ?? all.firstSeen,
    lastSeen: ifIn(packed, 'lastSeen', isText, 'a text') ?? all.lastSeen,
    marks,
    ...(histories && { histories }),
    ...(horizons && Object.keys(horizons).length > 0 && { horizons }),
  };
  // Marks of merged profiles alone; the item's own attribute has the profile's marks.
  return { marks: joinMarks(marks, decodeMarks(ifIn(packed, 'lent', isText, 'a text') ?? '')), own };
}

/** Null: none, though the whole profile has some. */
const ownHistoriesIn = (packed: Row) => (packed.histories === null ? undefined : historiesIn(packed));
