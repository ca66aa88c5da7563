import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { ComputedTrait, SegmentDefinition } from '../../../lambdas/core/segments/language/definitions.ts';
import { advertising, demoPurposes } from './advertising.ts';
import { companyDefinitions, companyTraits } from './companies.ts';
import type { Measured } from './findings.ts';
import { recipeRules, recipeTraits } from './recipe-rules.ts';
import { demoSegments, type Truth } from './truth.ts';

/** Segments that the demo can compare, and why it cannot compare the others. */
interface CheckedSegments {
  readonly keys: ReadonlySet<string>;
  readonly told: readonly string[];
}

/** Selects the demo's segments that the configuration has unchanged and with a destination. */
export function checkedSegments(config: CdpConfig): CheckedSegments {
  const own = config.segments
    .filter(({ key }) => !demoSegments.has(key) && !recipeRules.has(key) && !companyDefinitions.has(key))
    .map(({ key }) => `segment ${key} is yours`);
  const { keys, told } = unchanged(config, new Map([...demoSegments].map(([key, where]) => [key, { where }])));
  return { keys, told: [...purposesChanged(config), ...own, ...told] };
}

/** Why memberships cannot be compared: purposes decide them as well. */
function purposesChanged({ purposes }: CdpConfig): string[] {
  const known = purposes.map(({ key, kind, default: silence, categories, tcf, gpp }) =>
    JSON.stringify([key, kind, silence, categories, tcf, gpp]),
  );
  const expected = demoPurposes.map(({ key, kind, default: silence }) =>
    JSON.stringify([key, kind, silence, undefined, undefined, undefined]),
  );
  if (known.join() === expected.join()) return [];
  return ['the purposes in cdp.config.ts are yours, and so is who is in segments'];
}

/** Why it cannot be compared whom the advertising tool is told about. */
export function advertisingChanged(config: CdpConfig): string[] {
  const ads = config.destinations.find(({ id }) => id === advertising.destination);
  const isUsed = ads?.segments.includes(advertising.segment) && ads.uses.join() === advertising.uses;
  return isUsed ? [] : [`destination ${advertising.destination} is not in cdp.config.ts as it was`];
}

/** Selects the recipes that the configuration has unchanged and with a destination. */
export function checkedRecipes(config: CdpConfig): CheckedSegments {
  const { keys, told } = unchanged(config, new Map([...recipeRules].map(([key, { definition }]) => [key, definition])));
  const others = otherTraits(config, recipeTraits);
  if (others.length === 0) return { keys, told };
  return { keys: new Set([...keys].filter((key) => key !== 'vips')), told: [...told, ...others] };
}

/** The definitions about companies, which read each other, if the configuration has all of them unchanged. */
export function checkedCompanies(config: CdpConfig): CheckedSegments {
  const { keys, told } = unchanged(config, companyDefinitions);
  const problems = [...told, ...otherTraits(config, companyTraits)];
  return { keys: problems.length === 0 ? keys : new Set(), told: problems };
}

type ReadTrait = Pick<ComputedTrait, 'key' | 'compute' | 'of'>;

const otherTraits = ({ traits }: CdpConfig, expected: readonly ReadTrait[]): string[] =>
  expected
    .filter((trait) => !traits.some(sameAs(trait)))
    .map(({ key }) => `the recipes' trait ${key} is not in cdp.config.ts as it was`);

const sameAs =
  ({ key, compute, of }: ReadTrait) =>
  (other: ComputedTrait): boolean =>
    other.key === key && JSON.stringify([other.compute, other.of]) === JSON.stringify([compute, of]);

type Definition = Pick<SegmentDefinition, 'where' | 'zone' | 'of' | 'uses'>;

const asWritten = ({ where, zone, of, uses }: Definition): string => JSON.stringify([where, zone, of, uses]);

function unchanged(config: CdpConfig, expected: ReadonlyMap<string, Definition>): CheckedSegments {
  // What nobody knows is not said again of each segment.
  if (purposesChanged(config).length > 0) return { keys: new Set(), told: [] };
  const { segments, destinations } = config;
  const problem = (key: string, definition: Definition): string | undefined => {
    const configured = segments.find((segment) => segment.key === key);
    if (configured === undefined) return `segment ${key} is not in cdp.config.ts`;
    if (asWritten(configured) !== asWritten(definition)) return `segment ${key} has another condition in cdp.config.ts`;
    return destinations.some((destination) => destination.segments.includes(key))
      ? undefined
      : `segment ${key} has no destination`;
  };
  const problems = [...expected].map(([key, definition]) => ({ key, why: problem(key, definition) }));
  return {
    keys: new Set(problems.flatMap(({ key, why }) => (why === undefined ? [key] : []))),
    told: problems.flatMap(({ why }) => why ?? []),
  };
}

/** Measurements without a user's own data, and a description of the omitted data. */
interface OfTheDemo {
  readonly measured: Measured;
  readonly told: readonly string[];
}

/** Omits people, events and memberships that did not come from the demo. */
export function ofTheDemo(truth: Truth, { keys, told }: CheckedSegments, all: Measured): OfTheDemo {
  const demoIdentifiers = new Set([...truth.profiles.values()].flatMap(({ identifiers }) => [...identifiers]));
  // A profile with one identifier of the demo belongs to the demo, even if the profile is wrong.
  const foreign = all.profiles.live.filter(
    ({ identifiers }) => ![...identifiers.keys()].some((id) => demoIdentifiers.has(id)),
  );
  const foreignIds = new Set(foreign.map(({ profileId }) => profileId));
  const ids = all.rawZone.ids.filter((id) => truth.messageIds.has(id));
  const messages = new Set(all.rawZone.ids).size - new Set(ids).size;
  const live = all.profiles.live
    .filter(({ profileId }) => !foreignIds.has(profileId))
    .map((profile) => ({ ...profile, segments: only(profile.segments, keys) }));
  const people = all.lake.people.filter(({ profileId }) => !foreignIds.has(profileId));
  const merged = foreign.reduce((sum, profile) => sum + profile.merged.size, 0);
  return {
    measured: {
      ...all,
      rawZone: { ...all.rawZone, ids },
      profiles: { live, tombstones: all.profiles.tombstones - merged },
      deliveries: all.deliveries.filter(({ segment, who }) => keys.has(segment) && !isOf(foreign, who)),
      advertised: all.advertised.filter(({ segment, who }) => keys.has(segment) && !isOf(foreign, who)),
      lake: {
        ...all.lake,
        events: all.lake.events - messages,
        customers: all.lake.customers - foreign.filter(({ collection }) => collection === 'users').length,
        people: people.map((person) => ({ ...person, segments: person.segments.filter((key) => keys.has(key)) })),
      },
    },
    told: [
      ...told,
      ...(messages === 0 ? [] : [`${messages} events and ${foreign.length} people that the demo did not send`]),
    ],
  };
}

const isOf = (foreign: readonly Profile[], who: string): boolean =>
  foreign.some(({ identifiers }) => [...identifiers.keys()].some((id) => id.endsWith(`:${who}`)));

const only = <Value>(segments: ReadonlyMap<string, Value>, keys: ReadonlySet<string>): ReadonlyMap<string, Value> =>
  new Map([...segments].filter(([key]) => keys.has(key)));
