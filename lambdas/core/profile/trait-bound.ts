import { utf8Bytes } from '../events/stream-record.ts';
import { ascending } from '../values/order.ts';
import { atMost, compareSaid, jsonBytes, type Larger, roomOf, type Trait, withoutValue } from './trait.ts';

/** Where a trait's statement stands among all of a profile's. */
export interface Place {
  readonly timestamp: string;
  readonly messageId: string;
  readonly name: string;
}

/** How much of what was said a profile keeps. */
export interface TraitBounds {
  /** Bytes of names, values and message ids, each as `roomOf` counts them. */
  readonly room: number;
  /** Traits that are remembered without their values, as long as they are among so many that were said last. */
  readonly remembered: number;
  /** Bytes of a name; a longer one is none. */
  readonly name: number;
}

export const traitBounds: TraitBounds = { room: 48 * 1024, remembered: 64, name: 128 };

export interface BoundTraits {
  readonly traits: ReadonlyMap<string, Trait>;
  /** The newest statement for which there was no room: no value said then or before is kept. */
  readonly horizon: Place | undefined;
}

/**
 * Keeps the values that were said last, as many as there is room for. To decide it is to go through all statements from the newest on and to
 * add up, name by name, the largest met so far; where the sum passes the room lies the horizon. With more statements the sum at any place only
 * grows, so what is beyond the horizon stays there until it is said again, whole: cutting before or after a join gives the same, in any order.
 */
export function boundTraits(traits: ReadonlyMap<string, Trait>, known?: Place, bounds = traitBounds): BoundTraits {
  if (known === undefined && (surelyFit(traits, bounds) || doFit(traits, bounds)))
    return { traits, horizon: undefined };
  const named = new Map([...traits].filter(([name]) => isName(name, bounds)));
  const horizon = horizonOf(named, known, bounds);
  if (horizon === undefined) return { traits: named.size === traits.size ? traits : named, horizon };
  const newest = [...named].map(([name, trait]) => ({ ...trait, name })).sort((a, b) => comparePlaces(b, a));
  const remembered = new Set(newest.slice(0, bounds.remembered).map(({ name }) => name));
  const left = [...named].flatMap(([name, trait]): [string, Trait][] => {
    if (comparePlaces({ ...trait, name }, horizon) > 0) return [[name, withLargerAfter(horizon, name, trait)]];
    return remembered.has(name) ? [[name, withoutValue(trait)]] : [];
  });
  return { traits: new Map(left), horizon };
}

/** Whether a text can be the name of a trait that a profile keeps. */
export const isName = (name: string, { name: most }: Pick<TraitBounds, 'name'> = traitBounds): boolean =>
  name.length * 3 <= most || utf8Bytes(name) <= most;

export const comparePlaces = (a: Place, b: Place): number => compareSaid(a, b) || ascending(a.name, b.name);

function horizonOf(
  traits: ReadonlyMap<string, Trait>,
  known: Place | undefined,
  { room }: TraitBounds,
): Place | undefined {
  const statements = [...traits].flatMap(([name, trait]) =>
    [trait, ...(trait.larger ?? [])].map((one) => placed(name, one)),
  );
  const taken = new Map<string, number>();
  let sum = 0;
  for (const { place, takes } of statements.sort((a, b) => comparePlaces(b.place, a.place))) {
    if (known !== undefined && comparePlaces(place, known) <= 0) return known;
    sum += Math.max(0, takes - (taken.get(place.name) ?? 0));
    taken.set(place.name, Math.max(takes, taken.get(place.name) ?? 0));
    if (sum > room) return place;
  }
  return known;
}

const placed = (name: string, said: Trait | Larger) => ({
  place: { timestamp: said.timestamp, messageId: said.messageId, name },
  takes: roomOf(said) + utf8Bytes(name),
});

function withLargerAfter(horizon: Place, name: string, trait: Trait): Trait {
  const larger = trait.larger?.filter((one) => comparePlaces({ ...one, name }, horizon) > 0);
  if (larger?.length === trait.larger?.length) return trait;
  const { larger: _, ...rest } = trait;
  return larger && larger.length > 0 ? { ...rest, larger } : rest;
}

/** The sum of all, which no order changes: where it is within the room no place is beyond it. */
function doFit(traits: ReadonlyMap<string, Trait>, bounds: TraitBounds): boolean {
  let sum = 0;
  for (const [name, trait] of traits) {
    if (!isName(name, bounds)) return false;
    sum += jsonBytes(name) + (trait.larger ?? []).map(roomOf).reduce((a, b) => Math.max(a, b), roomOf(trait));
    if (sum > bounds.room) return false;
  }
  return true;
}

/** A sum that is quickly made and never too small; nearly every profile is far below its bounds. */
function surelyFit(traits: ReadonlyMap<string, Trait>, bounds: TraitBounds): boolean {
  let sum = 0;
  // One message says many traits.
  let message = { id: '', bytes: 2 };
  for (const [name, trait] of traits) {
    if (trait.larger !== undefined || name.length * 3 > bounds.name) return false;
    const { value, messageId, bytes = 0 } = trait;
    if (messageId !== message.id) message = { id: messageId, bytes: jsonBytes(messageId) };
    sum += name.length * 3 + 2 * (64 + message.bytes + bytes + atMost(value));
    if (sum > bounds.room) return false;
  }
  return true;
}
