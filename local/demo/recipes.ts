import type { TaskLine } from '../../bin/terminal/task-line.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import { companyMemberships } from './findings/companies.ts';
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
import { type Company, inventCompanies } from './shop/companies.ts';
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
  /** Whether it has the definitions about companies unchanged. */
  readonly withCompanies: boolean;
  /** When the first of the script's calls was sent, milliseconds since 1970. */
  readonly startedAt: number;
  readonly lake: readonly LakePerson[];
  readonly target: Target;
  readonly stores: Stores;
  readonly progress: TaskLine;
}

/**
 * Sends the stories of the recipes and of companies, waits until time alone has changed some memberships, and compares
 * everybody's with the script. Returns a table and the differences.
 */
export async function playRecipes(options: RecipesOptions): Promise<{ table: string[]; found: string[] }> {
  const { script, seed, recipes, withCompanies, startedAt, lake, target, stores, progress } = options;
  const now = Date.now();
  const random = seededRandom(seed);
  const newcomers = inventNewcomers(now, soon, random).filter(({ recipe }) => recipes.has(recipe));
  const companies = withCompanies ? inventCompanies(now, soon, random) : [];
  if (newcomers.length + companies.length === 0) return { table: [], found: [] };
  const requests = requestsOf(newcomers, companies);
  await sent('Newcomers tell the stories of ten recipes, and companies theirs', requests, target, progress);
  const everybody = [...customersOf(script, startedAt), ...newcomers.map((one) => followed(one, now))];
  const measured = async () => {
    const [{ live }, deliveries] = await Promise.all([stores.profiles(), stores.deliveries()]);
    return { live, lake, deliveries };
  };
  const memberships = async (until: number): Promise<Membership[]> => {
    const found = await measured();
    return [...membershipsOf(everybody, recipes, until, found), ...companyMemberships(companies, now, until, found)];
  };
  const calls = requests.flatMap((request) => request.calls);
  await awaited(progress, {
    title: '  … their events in profiles',
    wanted: calls.length,
    read: async () => eventsOf((await measured()).live, new Set(calls.map(({ userId }) => userId))),
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
const requestsOf = (newcomers: readonly Newcomer[], companies: readonly Company[]): SdkRequest[] => [
  ...Array.from(
    { length: Math.ceil(newcomers.length / peoplePerRequest) },
    (_, n): SdkRequest => ({
      sender: 'shop-backend',
      calls: newcomers.slice(n * peoplePerRequest, (n + 1) * peoplePerRequest).flatMap(({ calls }) => calls),
    }),
  ),
  ...companies.map(({ calls }): SdkRequest => ({ sender: 'shop-backend', calls })),
];

/** How many events the profiles of these people have. */
const eventsOf = (live: readonly Profile[], userIds: ReadonlySet<string | undefined>): number =>
  sum(live, ({ identifiers, eventCount }) =>
    [...identifiers.keys()].some((id) => id.startsWith('user_id:') && userIds.has(id.slice('user_id:'.length)))
      ? eventCount
      : 0,
  );

const toldOf = ({ followed: { isNewcomer }, news }: Membership): number => (isNewcomer ? news.length : 0);

const sum = <Value>(values: readonly Value[], of: (value: Value) => number): number =>
  values.reduce((total, value) => total + of(value), 0);
