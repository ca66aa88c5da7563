import type { TaskLine } from '../../bin/terminal/task-line.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import type { LakePerson } from './findings/lake-tables.ts';
import {
  customersOf,
  type Followed,
  type Membership,
  membershipsOf,
  newsOf,
  recipeCounts,
  recipeDifferences,
} from './findings/recipes.ts';
import { recipesTable } from './findings/report.ts';
import type { Stores } from './findings/stores.ts';
import type { Target } from './senders.ts';
import type { SdkRequest } from './shop/calls.ts';
import { inventNewcomers, type Newcomer } from './shop/newcomers.ts';
import { seededRandom } from './shop/random.ts';
import type { Script } from './shop/script.ts';
import { awaited, redelivery, sent } from './steps.ts';

/** Milliseconds until some enter or exit by themselves: more than a busy machine needs until they have profiles. */
const soon = 40_000;
const peoplePerRequest = 20;

interface RecipesOptions {
  readonly script: Script;
  readonly seed: number;
  /** Recipes that the configuration has unchanged. */
  readonly recipes: ReadonlySet<string>;
  /** When the first of the script's calls was sent, milliseconds since 1970. */
  readonly startedAt: number;
  readonly lake: readonly LakePerson[];
  readonly target: Target;
  readonly stores: Stores;
  readonly progress: TaskLine;
}

/**
 * Sends the stories of the recipes, waits until time alone has changed some memberships, and compares everybody's with
 * the script. Returns a table and the differences.
 */
export async function playRecipes(options: RecipesOptions): Promise<{ table: string[]; found: string[] }> {
  const { script, seed, recipes, startedAt, lake, target, stores, progress } = options;
  const now = Date.now();
  const newcomers = inventNewcomers(now, soon, seededRandom(seed)).filter(({ recipe }) => recipes.has(recipe));
  if (newcomers.length === 0) return { table: [], found: [] };
  await sent('Newcomers tell the stories of ten recipes', requestsOf(newcomers), target, progress);
  const everybody = [...customersOf(script, startedAt), ...newcomers.map((one) => followed(one, now))];
  const measured = async () => {
    const [{ live }, deliveries] = await Promise.all([stores.profiles(), stores.deliveries()]);
    return { live, lake, deliveries };
  };
  const memberships = async (until: number): Promise<Membership[]> =>
    membershipsOf(everybody, recipes, until, await measured());
  await awaited(progress, {
    title: '  … newcomers in profiles',
    wanted: newcomers.length,
    read: async () => completeIn((await measured()).live, newcomers),
  });
  const turned = now + soon + 1;
  await awaited(progress, {
    title: '  … deliveries of their entries and exits, some after a minute or two',
    wanted: sum(await memberships(turned), (one) => newsOf(one).length),
    read: async () => sum(await memberships(turned), toldOf),
    patience: redelivery,
  });
  const found = await memberships(Date.now());
  return { table: recipesTable(recipeCounts(found)), found: recipeDifferences(found) };
}

const followed = ({ userId, calls, turnsAt }: Newcomer, from: number): Followed => ({
  who: userId,
  calls,
  from,
  turnsAt,
  isNewcomer: true,
});

/** Nobody's calls are split, so everybody's profile is written once. */
const requestsOf = (newcomers: readonly Newcomer[]): SdkRequest[] =>
  Array.from({ length: Math.ceil(newcomers.length / peoplePerRequest) }, (_, n) => ({
    sender: 'shop-backend',
    calls: newcomers.slice(n * peoplePerRequest, (n + 1) * peoplePerRequest).flatMap(({ calls }) => calls),
  }));

/** How many have profiles with all of their calls. */
function completeIn(live: readonly Profile[], newcomers: readonly Newcomer[]): number {
  const events = new Map(
    live.flatMap(({ identifiers, eventCount }) => [...identifiers.keys()].map((id) => [id, eventCount])),
  );
  return newcomers.filter(({ userId, calls }) => events.get(`user_id:${userId}`) === calls.length).length;
}

const toldOf = ({ followed: { isNewcomer }, news }: Membership): number => (isNewcomer ? news.length : 0);

const sum = <Value>(values: readonly Value[], of: (value: Value) => number): number =>
  values.reduce((total, value) => total + of(value), 0);
