import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { Call } from '../shop/calls.ts';
import type { Script } from '../shop/script.ts';
import { profiling } from './advertising.ts';
import { deedsOf } from './deeds.ts';
import type { Delivered } from './deliveries.ts';
import type { LakePerson } from './lake-tables.ts';
import { recipeRules } from './recipe-rules.ts';

/** Somebody whom the recipes may be about. */
export interface Followed {
  /** The userId, or the device of an anonymous visitor. */
  readonly who: string;
  readonly calls: readonly Call[];
  /** Since when the memberships are watched, milliseconds since 1970. */
  readonly from: number;
  /** When they enter or exit by themselves; undefined for those of whom nobody knows. */
  readonly turnsAt: number | undefined;
  /** Whether each of their entries and exits is checked. */
  readonly isNewcomer: boolean;
}

/** The shop's customers and visitors; what borrowed devices sent is about the borrower where they say so. */
export const customersOf = ({ phases }: Script, from: number): Followed[] =>
  [
    ...Map.groupBy(
      phases.flatMap(({ requests }) => requests.flatMap(({ calls }) => calls)),
      ({ about }) => about,
    ),
  ].map(([who, calls]) => ({
    who,
    calls,
    from,
    turnsAt: undefined,
    isNewcomer: false,
  }));

/** What was measured about the recipes. */
export interface MeasuredRecipes {
  readonly live: readonly Profile[];
  readonly lake: readonly LakePerson[];
  readonly deliveries: readonly Delivered[];
}

/** Whether somebody was in a recipe's segment first, is in it at last, and was found in it. */
export interface Membership {
  readonly followed: Followed;
  readonly recipe: string;
  readonly was: boolean;
  readonly is: boolean;
  readonly inTable: boolean;
  /** Undefined for those whom the jobs have not read. */
  readonly inLake: boolean | undefined;
  /** Its distinct news, in the order of their arrival. */
  readonly news: readonly Delivered[];
}

/** The memberships of everybody who has a profile, those at last as of `until`. */
export function membershipsOf(
  everybody: readonly Followed[],
  recipes: ReadonlySet<string>,
  until: number,
  measured: MeasuredRecipes,
): Membership[] {
  const { profileOf, found } = finder(measured);
  return everybody.flatMap((followed): Membership[] => {
    const { who, calls, from } = followed;
    const profile = profileOf(`user_id:${who}`) ?? profileOf(`anonymous_id:${who}`);
    if (profile === undefined) return [];
    const deeds = deedsOf(calls, profile.profileId);
    return [...recipeRules].flatMap(([recipe, { isTrue, definition }]) => {
      const isAllowed = ![profiling, ...(definition.uses ?? [])].some((purpose) => deeds.refused.has(purpose));
      const isIn = (at: number): boolean => isAllowed && isTrue(deeds, at);
      const expected = { followed, recipe, was: isIn(from), is: isIn(until) };
      return recipes.has(recipe) ? [{ ...expected, ...found(profile, who, recipe) }] : [];
    });
  });
}

/** Finds in what was measured who has a profile, and what is there about a membership of theirs. */
export function finder({ live, lake, deliveries }: MeasuredRecipes) {
  const byIdentifier = new Map<string, Profile>(
    live.flatMap((profile) => [...profile.identifiers.keys()].map((id) => [id, profile] as const)),
  );
  const inLake = new Map(lake.map((person) => [person.profileId, new Set(person.segments)]));
  const news = Map.groupBy(deliveries, ({ who, segment }) => `${who} ${segment}`);
  return {
    profileOf: (identifier: string): Profile | undefined => byIdentifier.get(identifier),
    found: (profile: Profile | undefined, who: string, recipe: string) => ({
      inTable: profile?.segments.has(recipe) === true,
      inLake: profile && inLake.get(profile.profileId)?.has(recipe),
      news: once(news.get(`${who} ${recipe}`) ?? []),
    }),
  };
}

/** The news that must be told of a membership, in their order. */
export const newsOf = ({ followed: { isNewcomer }, was, is }: Membership): Delivered['change'][] =>
  isNewcomer ? [...(was || is ? ['entered' as const] : []), ...(was && !is ? ['exited' as const] : [])] : [];

/** Whether a membership can be foreseen: a day or a window may run out for anybody while the demo runs. */
const isForeseen = ({ followed: { turnsAt }, was, is }: Membership): boolean => was === is || turnsAt !== undefined;

/** Differences between the memberships and what was measured, one sentence each. */
export const recipeDifferences = (memberships: readonly Membership[]): string[] =>
  memberships.filter(isForeseen).flatMap((membership) => {
    const { followed, recipe, is, inTable, inLake, news } = membership;
    const [wanted, told] = [newsOf(membership), news.map(({ change }) => change)].map((changes) => changes.join(', '));
    const must = `${followed.who} must ${is ? '' : 'not '}be in ${recipe}`;
    return [
      ...(inTable === is ? [] : [`${must} in the table`]),
      ...(inLake === undefined || inLake === is ? [] : [`${must} in the lake`]),
      ...(!followed.isNewcomer || wanted === told
        ? []
        : [`of ${followed.who} in ${recipe} the webhook must receive "${wanted}", and received "${told}"`]),
    ];
  });

/** What is told of one recipe. */
export interface RecipeCount {
  readonly recipe: string;
  readonly expected: number;
  readonly measured: number;
  /** How many entered or exited by themselves, and the seconds until the webhook heard of each. */
  readonly turned: number;
  readonly seconds: readonly number[];
}

/** Counts members, and entries and exits that time alone brought. */
export const recipeCounts = (memberships: readonly Membership[]): RecipeCount[] =>
  [...Map.groupBy(memberships, ({ recipe }) => recipe)].map(([recipe, all]) => {
    const turned = all.filter(({ followed: { turnsAt }, was, is }) => turnsAt !== undefined && was !== is);
    return {
      recipe,
      expected: all.filter((one) => (isForeseen(one) ? one.is : one.inTable)).length,
      measured: all.filter(({ inTable }) => inTable).length,
      turned: turned.length,
      seconds: turned.flatMap(({ followed: { turnsAt = 0 }, is, news }) =>
        news
          .filter(({ change }) => change === (is ? 'entered' : 'exited'))
          .map(({ receivedAt }) => (receivedAt - turnsAt) / 1000),
      ),
    };
  });

const once = (deliveries: readonly Delivered[]): Delivered[] =>
  [...new Map(deliveries.toReversed().map((each) => [each.messageId, each])).values()].sort(
    (a, b) => a.receivedAt - b.receivedAt,
  );
