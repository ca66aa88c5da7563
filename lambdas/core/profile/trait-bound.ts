import { utf8Bytes } from '../events/stream-record.ts';
import type { Survivorship } from '../lake/survivorship.ts';
import { ascending } from '../values/order.ts';
import { joinStated, statementsIn } from './surviving-trait.ts';
import { atMost, compareStatements, jsonBytes, type Larger, roomOf, type Trait, withoutValue } from './trait.ts';

/** Position of a trait's statement in time. */
export interface Place {
  readonly timestamp: string;
  readonly messageId: string;
  readonly name: string;
}

/** How many statements of traits a profile keeps. */
export interface TraitBounds {
  /** Bytes of names, values and message ids, as `roomOf` counts them. */
  readonly room: number;
  /** Number of latest traits that are remembered without their values. */
  readonly remembered: number;
  /** Bytes of a name; longer names are ignored. */
  readonly name: number;
}

export const traitBounds: TraitBounds = { room: 48 * 1024, remembered: 64, name: 128 };

export interface BoundTraits {
  readonly traits: ReadonlyMap<string, Trait>;
  /** The newest statement without room: values stated then or before are dropped. */
  readonly horizon: Place | undefined;
}

/** One statement of a trait, and whose room it takes: the trait's, or that of what one source said of it. */
interface Kept {
  readonly name: string;
  readonly whose: string;
  readonly trait: Trait;
}

/**
 * Keeps the latest values within the room. From the newest statement on, it adds up the largest size of each name so
 * far; the horizon lies where the sum exceeds the room. More statements only increase the sum at any place, so a
 * dropped value stays dropped until it is stated again. Cutting before or after a join therefore gives the same result
 * in any order. What several sources said of a trait that trusts some more counts like traits of their own.
 */
export function boundTraits(
  traits: ReadonlyMap<string, Trait>,
  known?: Place,
  bounds = traitBounds,
  rules: Survivorship = {},
): BoundTraits {
  if (known === undefined && (surelyFit(traits, bounds) || doFit(traits, bounds)))
    return { traits, horizon: undefined };
  const named = new Map([...traits].filter(([name]) => isName(name, bounds)));
  const kept = [...named].flatMap(([name, trait]) => keptOf(name, trait));
  const horizon = horizonOf(kept, known, bounds);
  if (horizon === undefined) return { traits: named.size === traits.size ? traits : named, horizon };
  const newest = kept.toSorted(newestFirst);
  const remembered = new Set(newest.slice(0, bounds.remembered).map(({ whose }) => whose));
  const left = new Map<string, Trait>();
  for (const { name, whose, trait } of kept) {
    const isIn = comparePlaces({ ...trait, name }, horizon) > 0;
    if (!isIn && !remembered.has(whose)) continue;
    left.set(
      name,
      joinStated(left.get(name), isIn ? withLargerAfter(horizon, name, trait) : withoutValue(trait), name, rules),
    );
  }
  return { traits: left, horizon };
}

const newestFirst = (a: Kept, b: Kept): number =>
  comparePlaces({ ...b.trait, name: b.name }, { ...a.trait, name: a.name }) || ascending(b.whose, a.whose);

const keptOf = (name: string, trait: Trait): Kept[] =>
  trait.others === undefined
    ? [{ name, whose: `/${name}`, trait }]
    : statementsIn(trait).map((one) => ({ name, whose: `${one.sourceId}/${name}`, trait: one }));

/** Whether a profile can keep a trait with this name. */
export const isName = (name: string, { name: most }: Pick<TraitBounds, 'name'> = traitBounds): boolean =>
  name.length * 3 <= most || utf8Bytes(name) <= most;

export const comparePlaces = (a: Place, b: Place): number => compareStatements(a, b) || ascending(a.name, b.name);

function horizonOf(kept: readonly Kept[], known: Place | undefined, { room }: TraitBounds): Place | undefined {
  const statements = kept.flatMap((one) => [one.trait, ...(one.trait.larger ?? [])].map((each) => placed(one, each)));
  const taken = new Map<string, number>();
  let sum = 0;
  for (const { place, whose, takes } of statements.sort((a, b) => comparePlaces(b.place, a.place))) {
    if (known !== undefined && comparePlaces(place, known) <= 0) return known;
    sum += Math.max(0, takes - (taken.get(whose) ?? 0));
    taken.set(whose, Math.max(takes, taken.get(whose) ?? 0));
    if (sum > room) return place;
  }
  return known;
}

const placed = ({ name, whose }: Kept, statement: Trait | Larger) => ({
  place: { timestamp: statement.timestamp, messageId: statement.messageId, name },
  whose,
  takes: roomOf(statement) + utf8Bytes(name),
});

function withLargerAfter(horizon: Place, name: string, trait: Trait): Trait {
  const larger = trait.larger?.filter((one) => comparePlaces({ ...one, name }, horizon) > 0);
  if (larger?.length === trait.larger?.length) return trait;
  const { larger: _, ...rest } = trait;
  return larger && larger.length > 0 ? { ...rest, larger } : rest;
}

/** Whether the order-independent total is within the room; then every value fits. */
function doFit(traits: ReadonlyMap<string, Trait>, bounds: TraitBounds): boolean {
  let sum = 0;
  for (const [name, trait] of traits) {
    if (!isName(name, bounds)) return false;
    for (const one of statementsIn(trait))
      sum += jsonBytes(name) + (one.larger ?? []).map(roomOf).reduce((a, b) => Math.max(a, b), roomOf(one));
    if (sum > bounds.room) return false;
  }
  return true;
}

/** A quick upper estimate of the total; nearly every profile is far below its bounds. */
function surelyFit(traits: ReadonlyMap<string, Trait>, bounds: TraitBounds): boolean {
  let sum = 0;
  // One message states many traits.
  let message = { id: '', bytes: 2 };
  for (const [name, trait] of traits) {
    if (trait.larger !== undefined || trait.others !== undefined || name.length * 3 > bounds.name) return false;
    const { value, messageId, bytes = 0 } = trait;
    if (messageId !== message.id) message = { id: messageId, bytes: jsonBytes(messageId) };
    sum += name.length * 3 + 2 * (64 + message.bytes + bytes + atMost(value));
    if (sum > bounds.room) return false;
  }
  return true;
}
