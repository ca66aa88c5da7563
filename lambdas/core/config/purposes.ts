import type { Purpose } from '../consent/purpose.ts';
import { clausesOf } from '../consent/standing.ts';
import { type ComputedTrait, collectionFor, type SegmentDefinition } from '../segments/language/definitions.ts';
import type { Rule } from '../segments/language/rule.ts';

/** The parts of a configuration that purposes are about. */
interface Using {
  readonly purposes: readonly Purpose[];
  readonly segments: readonly SegmentDefinition[];
  readonly traits: readonly ComputedTrait[];
  readonly destinations: readonly { readonly uses: readonly string[] }[];
}

interface Flaw {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A purpose as a rule over what a person said, as `isAllowed` decides it. */
export function ruleOf(purpose: Purpose): Rule {
  const { groups, limits } = clausesOf(purpose);
  const refused = [...new Set([...groups.flat(), ...limits])].map(
    (category): Rule => ({ consent: category, is: 'denied' }),
  );
  const granted = groups.map(
    (group): Rule => ({ all: group.map((category) => ({ consent: category, is: 'granted' })) }),
  );
  return { all: [{ not: { any: refused } }, ...(purpose.default === 'granted' ? [] : [{ any: granted }])] };
}

/**
 * A configuration whose segments and computed traits hold their purposes as rules of consent, which the stream and the
 * lake decide alike. Without purposes it stays as it is, and doing it again changes nothing.
 */
export function withPurposes<Config extends Using>(config: Config): Config {
  const { purposes, segments, traits } = config;
  if (purposes.length === 0) return config;
  const rulesFor = (one: SegmentDefinition | ComputedTrait): Rule[] =>
    purposes.filter(({ key }) => usesOf(one, purposes).includes(key)).map(ruleOf);
  return {
    ...config,
    segments: segments.map((one) => {
      const rules = rulesFor(one);
      return rules.length === 0 ? one : { ...one, where: { all: [one.where, ...rules] }, uses: [] };
    }),
    traits: traits.map((one) => {
      const rules = rulesFor(one);
      return rules.length === 0 ? one : { ...one, allowed: { all: rules }, uses: [] };
    }),
  };
}

/** Keys of the purposes that a definition needs: those of profiling as well, where it is about people. */
function usesOf(one: Pick<SegmentDefinition, 'uses' | 'of'>, purposes: readonly Purpose[]): readonly string[] {
  const { uses } = one;
  if (uses?.length === 0 || collectionFor(one) === 'accounts') return uses ?? [];
  const profiling = purposes.filter(({ kind }) => kind === 'profiling').map(({ key }) => key);
  return [...new Set([...(uses ?? []), ...profiling])];
}

/** What is wrong with purposes and with those who use them. */
export function purposeFlaws({ purposes, segments, traits, destinations }: Using): Flaw[] {
  const keys = purposes.map(({ key }) => key);
  const known = keys.join(', ') || 'none';
  const unknown = (uses: readonly string[] = []) =>
    uses.flatMap((key, n) =>
      keys.includes(key) ? [] : [{ n, message: `no purpose has the key "${key}"; known: ${known}` }],
    );
  const users = Object.entries({ segments, traits, destinations } as Record<
    string,
    readonly { uses?: readonly string[] }[]
  >);
  return [
    ...keys.flatMap((key, n) =>
      keys.indexOf(key) === n ? [] : [{ path: ['purposes', n, 'key'], message: `must be unique; got "${key}" again` }],
    ),
    ...users.flatMap(([part, all]) =>
      all.flatMap(({ uses }, at) => unknown(uses).map(({ n, message }) => ({ path: [part, at, 'uses', n], message }))),
    ),
    ...[...segments.entries()].flatMap(([n, one]) => ofAccounts('segments', n, one)),
    ...[...traits.entries()].flatMap(([n, one]) => ofAccounts('traits', n, one)),
    ...segments.flatMap((one, n) => lessThanItsTraits(one, n, { purposes, traits })),
  ];
}

const ofAccounts = (part: string, n: number, one: Pick<SegmentDefinition, 'uses' | 'of'>): Flaw[] =>
  collectionFor(one) === 'accounts' && (one.uses?.length ?? 0) > 0
    ? [{ path: [part, n, 'uses'], message: 'must be empty for accounts: only people give consent' }]
    : [];

/** A segment must not tell of people what a computed trait may not say of them. */
function lessThanItsTraits(
  segment: SegmentDefinition,
  n: number,
  { purposes, traits }: Pick<Using, 'purposes' | 'traits'>,
): Flaw[] {
  if (purposes.length === 0 || collectionFor(segment) === 'accounts') return [];
  const read = traitsIn(segment.where);
  const own = usesOf(segment, purposes);
  return traits
    .filter((trait) => collectionFor(trait) === 'users' && read.has(trait.key))
    .flatMap((trait) => {
      const lacking = usesOf(trait, purposes).filter((key) => !own.includes(key));
      const message = `must name ${lacking.join(', ')} as well: it reads the computed trait "${trait.key}"; got ${own.join(', ') || 'none'}`;
      return lacking.length === 0 ? [] : [{ path: ['segments', n, 'uses'], message }];
    });
}

/** Names of the traits that a rule compares. */
function traitsIn(rule: Rule): ReadonlySet<string> {
  if ('all' in rule) return new Set(rule.all.flatMap((part) => [...traitsIn(part)]));
  if ('any' in rule) return new Set(rule.any.flatMap((part) => [...traitsIn(part)]));
  if ('not' in rule) return traitsIn(rule.not);
  return new Set('trait' in rule ? [rule.trait] : []);
}
