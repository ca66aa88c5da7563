import type { Call, Phase, SdkRequest, Sender, UnsentCall } from './calls.ts';
import { consenting, consentsOf, type Preferences } from './consent.ts';
import { afterOrders, beforeOrders, browse, ordering, staleMessage, unsubscribing } from './journey.ts';
import { day, recentOrders } from './orders.ts';
import { inventPeople, type Person } from './people.ts';
import { type Random, seededRandom } from './random.ts';

/** All people and calls of the demo. The same orders, time and seed give the same script. */
export interface Script {
  readonly people: readonly Person[];
  /** Devices of anonymous visitors. */
  readonly visitors: readonly string[];
  /** What they answered when the storefront asked for consent, by userId or device; absent who said nothing. */
  readonly consents: ReadonlyMap<string, Preferences>;
  readonly phases: readonly Phase[];
}

interface ScriptOptions {
  /** Text of the file of orders. */
  readonly orders: string;
  readonly now: Date;
  readonly seed: number;
}

const visitorCount = 250;
/** SDKs put up to 100 calls into a request. A person with more orders than that gets a larger request. */
const callsPerRequest = 100;
/**
 * Shares of calls that the sender repeats at once, and of requests that it sends again because the response was lost.
 */
const repeats = { call: 0.01, request: 0.02 } as const;

/**
 * Writes the script. A phase has the calls of a person in one request, so they reach the platform in the script's
 * order.
 */
export function writeScript({ orders, now, seed }: ScriptOptions): Script {
  const random = seededRandom(seed);
  const people = inventPeople(recentOrders(orders, now), random);
  const visitors = Array.from({ length: visitorCount }, () => random.name('device'));
  const visits = visitors.map((device) => browse(device, device, now.getTime() - day - random.below(60) * day, random));
  // Choices of their own, so that nothing else of the demo changes with them.
  const consents = consentsOf(
    [...people.filter(({ browsesFirst }) => browsesFirst).map(({ userId }) => userId), ...visitors],
    seededRandom(seed + 2),
  );
  const shopping = shoppingPhases({ people, visitors, consents }, visits, random);
  const sentAgain = shopping.flatMap(({ requests }) => requests.filter(() => random.chance(repeats.request)));
  const ending: Phase = {
    title: 'Some unsubscribe; old and repeated messages arrive',
    after: 'entries are delivered',
    requests: [
      ...sentAgain,
      ...pack('newsletter-tool', people.map(unsubscribing), random),
      ...pack('shop-backend', people.map(staleMessage), random),
    ],
  };
  return { people, visitors, consents, phases: [...shopping, ending] };
}

function shoppingPhases(
  { people, visitors, consents }: Omit<Script, 'phases'>,
  visits: readonly UnsentCall[][],
  random: Random,
): Phase[] {
  const looks = [
    ...visits.map((calls, n) => consenting(calls, consents.get(visitors[n] ?? ''))),
    ...people.flatMap((person) => looksOf(person, consents.get(person.userId), random)),
  ];
  const { before = [], atOnce = [] } = Object.groupBy(people, ({ browsesFirst }) =>
    browsesFirst ? 'before' : 'atOnce',
  );
  const returns = people.map((person) => afterOrders(person, random));
  return [
    { title: 'People look around', after: 'nothing', requests: pack('storefront', looks, random) },
    {
      title: 'Others make an account and order at once',
      after: 'nothing',
      requests: pack('shop-backend', atOnce.map(ordering), random),
    },
    {
      title: 'The visitors order, too',
      after: 'everything is in profiles',
      requests: pack('shop-backend', before.map(ordering), random),
    },
    {
      title: 'They come back on other devices',
      after: 'everything is in profiles',
      requests: pack('storefront', returns, random),
    },
  ];
}

/** Who browses on the first device is asked there for consent. */
const looksOf = (person: Person, says: Preferences | undefined, random: Random): UnsentCall[][] =>
  beforeOrders(person, random).map((calls) =>
    calls[0]?.anonymousId === person.device ? consenting(calls, says) : calls,
  );

/** Packs groups of calls into requests without splitting a group, and repeats a few calls. */
function pack(sender: Sender, groups: readonly (readonly UnsentCall[])[], random: Random): SdkRequest[] {
  const requests: Call[][] = [];
  for (const group of groups) {
    if (group.length === 0) continue;
    const calls = group.flatMap((unsent): Call[] => {
      const call: Call = { ...unsent, messageId: random.name('message') };
      return random.chance(repeats.call) ? [call, call] : [call];
    });
    const open = requests.at(-1);
    if (open !== undefined && open.length + calls.length <= callsPerRequest) open.push(...calls);
    else requests.push([...calls]);
  }
  return requests.map((calls) => ({ sender, calls }));
}
