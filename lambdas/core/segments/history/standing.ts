import type { Purpose } from '../../consent/purpose.ts';
import { type Filling, type Histories, historiesOf } from '../../profile/histories.ts';
import type { Naming } from '../../profile/known-as.ts';
import type { AccountOf, Collection, Mergeable, Profile } from '../../profile/profile.ts';
import { type Definitions, type Program, programOf } from '../program/compile.ts';
import { reading } from '../program/compiler.ts';
import { type AggregateRegistry, registeredBetween, registryFor } from './registry.ts';

/**
 * Definitions, since when their aggregates count, and the accounts that people's segments ask about; without a
 * registry, all count since the first event.
 */
export interface DatedDefinitions extends Definitions {
  readonly registry?: AggregateRegistry | undefined;
  /** Must be there where a segment of people asks about accounts. */
  readonly accountOf?: AccountOf | undefined;
  /** Destinations, by what they are told, under which names, and the consent that they need. */
  readonly destinations?: readonly Receiver[] | undefined;
  /** What data may be used for, as destinations name it. */
  readonly purposes?: readonly Purpose[] | undefined;
}

/** A destination, as far as it decides what is announced. */
interface Receiver extends Naming {
  readonly segments?: readonly string[] | undefined;
  readonly traits?: readonly string[] | undefined;
  readonly consent?: readonly string[] | undefined;
  readonly uses?: readonly string[] | undefined;
}

/** What all aggregates that are read have in common. */
interface Standing {
  readonly program: Program;
  /** The newest generation of them. */
  readonly newest: number;
  /** Events received from then on count in all of them. */
  readonly counting: string;
  /** Segments and computed traits that cannot be told, by the generation up to which a profile has the histories. */
  readonly silent: Map<number, Silent>;
}

/** Segments and computed traits that cannot be told of a profile, because it lacks the history of what they read. */
export interface Silent {
  readonly segments: ReadonlySet<string>;
  readonly traits: ReadonlySet<string>;
}

const nothing: Silent = { segments: new Set(), traits: new Set() };
/** Later than every time. */
const never = '~';
const standings = new WeakMap<AggregateRegistry, Standing>();

/** Of the part of a registry that is about people, or about accounts. */
function standingOf(registry: AggregateRegistry, definitions: Definitions, collection: Collection): Standing {
  const program = programOf(definitions, collection);
  const known = standings.get(registry);
  if (known?.program === program) return known;
  const read = [...program.aggregates.keys()].map((id) => registry.aggregates.get(id));
  const standing = {
    program,
    newest: read.reduce((most, one) => Math.max(most, one?.generation ?? Number.POSITIVE_INFINITY), 0),
    counting: read.reduce((latest, one) => later(latest, one === undefined ? never : (one.cut ?? '')), ''),
    silent: new Map(),
  };
  standings.set(registry, standing);
  return standing;
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** Which aggregates count what was received at a time; undefined if all do. */
export function countingAt(
  definitions: DatedDefinitions,
  collection: Collection,
  receivedAt: string,
): ((id: string) => boolean) | undefined {
  if (definitions.registry === undefined) return undefined;
  const registry = registryFor(definitions.registry, collection);
  if (receivedAt >= standingOf(registry, definitions, collection).counting) return undefined;
  return (id) => {
    const registered = registry.aggregates.get(id);
    return registered !== undefined && (registered.cut === undefined || receivedAt >= registered.cut);
  };
}

/** What cannot be told of a profile, or by its own statements. */
export function silentOf(
  definitions: DatedDefinitions,
  collection: Collection,
  mergeable: Pick<Mergeable, 'histories'>,
): Silent {
  if (definitions.registry === undefined) return nothing;
  const registry = registryFor(definitions.registry, collection);
  const { based } = historiesOf(mergeable);
  const { program, newest, silent } = standingOf(registry, definitions, collection);
  if (based >= newest) return nothing;
  const found = silent.get(based) ?? lacking(program, registry, based);
  silent.set(based, found);
  return found;
}

function lacking({ aggregates, segments, traits }: Program, registry: AggregateRegistry, based: number): Silent {
  const lacked = [...aggregates.keys()].filter((id) => (registry.aggregates.get(id)?.generation ?? Infinity) > based);
  const reads = (of: Program['segments'] | Program['traits']): ReadonlySet<string> =>
    new Set(
      [...of].filter(([, each]) => lacked.some((id) => each.reads.has(reading.aggregate(id)))).map(([key]) => key),
    );
  return { segments: reads(segments), traits: reads(traits) };
}

/** Statements without what an aggregate kept in an earlier life, and without the ids of histories that all have. */
function renewed<Some extends Pick<Mergeable, 'aggregates' | 'histories'>>(
  mergeable: Some,
  registry: AggregateRegistry,
): Some {
  const histories = historiesOf(mergeable);
  const { filling, ...rest } = histories;
  const filled = filling && renewedFilling(filling, registry, histories.based);
  if (histories.counts >= registry.generation && filled === filling) return mergeable;
  const isOfEarlierLife = (id: string): boolean => (registry.aggregates.get(id)?.generation ?? 0) > histories.counts;
  return {
    ...mergeable,
    aggregates: new Map([...mergeable.aggregates].filter(([id]) => !isOfEarlierLife(id))),
    histories: { ...rest, counts: registry.generation, ...(filled && { filling: filled }) },
  };
}

/**
 * Undefined once all have these histories. If all of their aggregates are gone, nothing of them is in: the next run may
 * begin with every part, also where an earlier one died in the midst of them.
 */
function renewedFilling(filling: Filling, registry: AggregateRegistry, based: number): Filling | undefined {
  if (filling.of <= Math.min(registry.complete, based)) return undefined;
  if (filling.ids.size === 0 || registeredBetween(registry, filling.from, filling.of).size > 0) return filling;
  const { run: _, ...rest } = filling;
  return { ...rest, ids: new Set() };
}

/** The same of a profile, and of its own statements. */
export function renewedProfile(profile: Profile, rules: Pick<DatedDefinitions, 'registry'>): Profile {
  if (rules.registry === undefined) return profile;
  const registry = registryFor(rules.registry, profile.collection);
  const whole = renewed(profile, registry);
  const own = profile.own && renewed(profile.own, registry);
  return own === profile.own ? whole : { ...whole, own };
}

/** The histories of a profile that is made by what was received at a time. */
export function historiesSince(
  { registry }: Pick<DatedDefinitions, 'registry'>,
  collection: Collection,
  receivedAt: string,
): Histories | undefined {
  if (registry === undefined || registry.generation === 0) return undefined;
  const { generation, complete, frozen, aggregates } = registryFor(registry, collection);
  const missed = [...aggregates.values()].filter(({ cut }) => cut !== undefined && cut > receivedAt);
  const born = missed.reduce((least, { generation: of }) => Math.min(least, of - 1), generation);
  const isOpen = born > complete;
  const filling = { from: complete, of: generation, ids: new Set<string>(), late: false };
  // It was made by an event that came late: its history may have been read before anybody had it.
  const isLate = frozen !== undefined && born < frozen.generation;
  const awaits = isLate ? { awaits: frozen.run } : {};
  return { born, based: born, counts: generation, ...(isOpen && { filling }), ...awaits };
}
