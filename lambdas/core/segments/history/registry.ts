import * as z from 'zod';
import type { Collection } from '../../profile/profile.ts';
import { type Definitions, programOf } from '../program/compile.ts';

/** Since when an aggregate counts, and with which others it was added. */
export interface Registered {
  readonly generation: number;
  /** It counts events received from this time on, ISO 8601; without one, all. */
  readonly cut?: string | undefined;
}

/** Histories that the lake wrote down: of aggregates of generations after `from` up to `generation`. */
const Frozen = z.object({
  run: z.string().min(1),
  /** Until when the lake had read what was received. */
  at: z.iso.datetime(),
  from: z.int().nonnegative(),
  generation: z.int().nonnegative(),
});
export type Frozen = z.infer<typeof Frozen>;

const Generation = z.int().nonnegative();
/** Id, generation and cut. */
const Entry = z.union([z.tuple([z.string(), Generation]), z.tuple([z.string(), Generation, z.iso.datetime()])]);

/** The registry in its item. */
const RegistryItem = z.object({
  version: z.int(),
  generation: Generation,
  complete: Generation,
  frozen: Frozen.optional(),
  programs: z.array(z.string()).optional(),
  aggregates: z.array(Entry),
});

/** The aggregates of a deployment, with what profiles know of them. */
export interface AggregateRegistry {
  /** The newest. */
  readonly generation: number;
  /** All profiles got the histories of generations up to this, but those that could not have them yet. */
  readonly complete: number;
  /** The histories that are being brought. */
  readonly frozen?: Frozen | undefined;
  /** Ids of the programs that the deployment decides with, of people and of accounts. */
  readonly programs?: readonly string[] | undefined;
  readonly aggregates: ReadonlyMap<string, Registered>;
}

/** Tells the aggregates of accounts from those of people, which may have the same ids. */
const ofAccount = '@';

/** What a deployment registers: the aggregates of people and of accounts. */
export const aggregatesOf = (definitions: Definitions): string[] => [
  ...programOf(definitions, 'users').aggregates.keys(),
  ...[...programOf(definitions, 'accounts').aggregates.keys()].map((id) => `${ofAccount}${id}`),
];

/** What a deployment decides with: the ids of its programs for people and for accounts. */
export const programsOf = (definitions: Definitions): string[] =>
  (['users', 'accounts'] as const).map((collection) => programOf(definitions, collection).id);

/** The registry of a deployment that decides with these programs; the same registry where it did before. */
export const withPrograms = (registry: AggregateRegistry, programs: readonly string[]): AggregateRegistry =>
  registry.programs?.join() === programs.join() ? registry : { ...registry, programs };

const parts = new WeakMap<
  AggregateRegistry,
  { readonly users: AggregateRegistry; readonly accounts: AggregateRegistry }
>();

/** The part of a registry that is about people, or about accounts, by the ids of their aggregates. */
export function registryFor(registry: AggregateRegistry, collection: Collection): AggregateRegistry {
  const known = parts.get(registry) ?? parted(registry);
  return collection === 'users' ? known.users : known.accounts;
}

function parted(registry: AggregateRegistry) {
  const made = partsOf(registry);
  parts.set(registry, made);
  return made;
}

function partsOf(registry: AggregateRegistry) {
  const all = [...registry.aggregates];
  const accounts = all.flatMap(([id, of]): typeof all => (id.startsWith(ofAccount) ? [[id.slice(1), of]] : []));
  return {
    users: { ...registry, aggregates: new Map(all.filter(([id]) => !id.startsWith(ofAccount))) },
    accounts: { ...registry, aggregates: new Map(accounts) },
  };
}

/**
 * Reads the item of a registry.
 * @throws ZodError when this code did not write the item
 */
export function parseRegistry(item: unknown): { readonly registry: AggregateRegistry; readonly version: number } {
  const { version, aggregates, ...rest } = RegistryItem.parse(item);
  const entries = aggregates.map(([id, generation, cut]): [string, Registered] => [id, { generation, cut }]);
  return { version, registry: { ...rest, aggregates: new Map(entries) } };
}

/** The item of a registry, without its key. */
export const toRegistryItem = ({ aggregates, frozen, programs, ...rest }: AggregateRegistry, version: number) => ({
  version,
  ...rest,
  ...(frozen && { frozen }),
  ...(programs && { programs }),
  aggregates: [...aggregates].map(([id, { generation, cut }]) => [id, generation, ...(cut === undefined ? [] : [cut])]),
});

/** The registry of an empty table: these aggregates count from the first event on. */
export const firstRegistry = (ids: Iterable<string>): AggregateRegistry => ({
  generation: 0,
  complete: 0,
  aggregates: new Map([...ids].map((id) => [id, { generation: 0 }])),
});

/**
 * Milliseconds after which a new aggregate begins to count: longer than an instance may work with what it read of the
 * registry before.
 */
export const untilCut = 5 * 60_000;

/**
 * The registry when a deployment needs these aggregates: new ones are the next generation, and those that are needed no
 * more go. The same registry where nothing changes.
 */
export function registered(registry: AggregateRegistry, ids: Iterable<string>, now: number): AggregateRegistry {
  const needed = [...ids];
  const { aggregates } = registry;
  const isNew = needed.some((id) => !aggregates.has(id));
  if (!isNew && needed.length === aggregates.size) return registry;
  const generation = registry.generation + (isNew ? 1 : 0);
  const added = { generation, cut: new Date(now + untilCut).toISOString() };
  return { ...registry, generation, aggregates: new Map(needed.map((id) => [id, aggregates.get(id) ?? added])) };
}

/** A registry, with the histories that are being brought. */
export const withFrozen = (registry: AggregateRegistry, frozen: Frozen) => ({ ...registry, frozen });

/** A registry after its histories were brought. */
export function completed({ frozen, ...registry }: AggregateRegistry): AggregateRegistry {
  return frozen === undefined ? registry : { ...registry, complete: Math.max(registry.complete, frozen.generation) };
}

/** Whether some aggregates lack their history. */
export const isComplete = ({ complete, aggregates }: AggregateRegistry): boolean =>
  [...aggregates.values()].every(({ generation }) => generation <= complete);

/** Aggregates of generations after `from` up to `to`. */
export const registeredBetween = (
  { aggregates }: AggregateRegistry,
  from: number,
  to: number,
): ReadonlyMap<string, Registered> =>
  new Map([...aggregates].filter(([, { generation }]) => generation > from && generation <= to));

/** The latest time at which any of these begins to count; undefined if all do since the first event. */
export const latestCut = (aggregates: Iterable<Registered>): string | undefined =>
  [...aggregates]
    .flatMap(({ cut }) => cut ?? [])
    .sort()
    .at(-1);
