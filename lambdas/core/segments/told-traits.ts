import type { IdentityRules } from '../identifiers/rules.ts';
import type { Collection, Profile } from '../profile/profile.ts';
import { traitChangesAt, traitValue } from './evaluation/evaluate.ts';
import { type DatedDefinitions, silentOf } from './history/standing.ts';
import { knownOf } from './known-profile.ts';
import { type Program, programOf } from './program/compile.ts';
import { reading } from './program/compiler.ts';
import { isRenamed } from './told-as.ts';
import { isConsentNews } from './told-consent.ts';

/** Milliseconds between two updates of a trait that changes by time alone. Docs quote it. */
const betweenUpdates = 3_600_000;

/** What destinations are told of computed traits. */
interface ToldTraits {
  readonly program: Program;
  readonly keys: readonly string[];
  /** Those that change by time alone. */
  readonly timed: readonly string[];
}

const tables = new WeakMap<object, Map<Collection, ToldTraits>>();

/** The computed traits of people, or of accounts, that a destination is told. */
export function toldTraits(definitions: DatedDefinitions, collection: Collection): ToldTraits {
  const program = programOf(definitions, collection);
  const { destinations = none } = definitions;
  const known = tables.get(destinations) ?? new Map<Collection, ToldTraits>();
  const table = known.get(collection);
  if (table?.program === program) return table;
  const wanted = new Set(destinations.flatMap(({ traits = [] }) => traits));
  const keys = [...program.traits.keys()].filter((key) => wanted.has(key));
  const made = { program, keys, timed: keys.filter((key) => program.traits.get(key)?.rule.span.kind !== 'ever') };
  tables.set(destinations, known.set(collection, made));
  return made;
}

const none: NonNullable<DatedDefinitions['destinations']> = [];

/** A computed trait of a profile as text at a time in milliseconds; the same text is the same value. */
export const traitText = (program: Program, key: string, profile: Profile, at: number): string =>
  JSON.stringify(traitValue(program, key, knownOf(profile), at) ?? null);

/** The text of a trait of somebody to whom nothing has happened. */
export const blankText = (program: Program, key: string, profile: Profile, at: number): string =>
  traitText(program, key, { ...profile, aggregates: new Map() }, at);

/** When destinations are to be told of a trait that another time makes another; undefined if only events do. */
export function traitsDueAt(profile: Profile, definitions: DatedDefinitions, at: number): number | undefined {
  const { program, timed } = toldTraits(definitions, profile.collection);
  if (timed.length === 0) return undefined;
  const silent = silentOf(definitions, profile.collection, profile).traits;
  const changes = timed
    .filter((key) => !silent.has(key))
    .flatMap((key) => traitChangesAt(program, key, knownOf(profile), at) ?? []);
  return changes.length === 0 ? undefined : Math.max(Math.min(...changes), at + betweenUpdates);
}

/**
 * Computed traits to announce when the profiles `before` became `after`, several if they merged: those with another
 * value, or with a name that was not told. By whatever they were decided before: an edited trait is announced, too.
 */
export function traitNews(
  before: readonly Profile[],
  after: Profile,
  definitions: DatedDefinitions & { readonly identity: IdentityRules },
): string[] {
  const { program, keys } = toldTraits(definitions, after.collection);
  if (keys.length === 0 || after.suppressed) return [];
  const silentIn = (profile: Profile) => silentOf(definitions, after.collection, profile).traits;
  const silent = silentIn(after);
  const [one] = before;
  const isSame = one?.profileId === after.profileId && before.length === 1 && one.decided?.by === program.id;
  const hasNewName = before.some((profile) => isRenamed(profile, after, definitions.identity, definitions));
  const isConsent = isConsentNews(before, after, definitions);
  return keys.filter((key) => {
    if (silent.has(key)) return false;
    if (isConsent) return true;
    const now = decidedAt(after);
    const isBlank = (profile: Profile): boolean =>
      traitText(program, key, profile, decidedAt(profile)) === blankText(program, key, profile, decidedAt(profile));
    if (!isSame || one === undefined) return before.length === 1 || ![...before, after].every(isBlank);
    if (silentIn(one).has(key)) return true;
    if (hasNewName && ![one, after].every(isBlank)) return true;
    if (!mayDiffer(program, key, one, after)) return false;
    return traitText(program, key, one, decidedAt(one)) !== traitText(program, key, after, now);
  });
}

const decidedAt = ({ decided }: Profile): number => decided?.at ?? 0;

/** Whether anything that a trait reads is another: its events, the time, or whose days count. */
function mayDiffer(program: Program, key: string, one: Profile, other: Profile): boolean {
  const trait = program.traits.get(key);
  if (trait === undefined) return false;
  if (trait.rule.span.kind !== 'ever' || trait.reads.has(reading.consent)) return true;
  const isRead = (id: string): boolean => trait.reads.has(reading.aggregate(id));
  return [...new Set([...one.aggregates.keys(), ...other.aggregates.keys()])].some(
    (id) => isRead(id) && one.aggregates.get(id) !== other.aggregates.get(id),
  );
}
