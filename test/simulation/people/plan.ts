import { bounds } from '../../fakes/memory-store.ts';
import { type Chance, seededChance } from '../running/chance.ts';
import { type FaultRates, noFaults } from '../running/worker.ts';
import { type Message, someMessage, withNamesOfAccounts, withSharedIds } from './message.ts';
import { somePeople } from './people.ts';
import type { RulesName } from './settings.ts';

/** A request of a client: messages, and lines that are none. */
export type Request = readonly (Message | string)[];

/** Everything that decides a history; it is data, so that a failing one can be made smaller. */
export interface Plan {
  /** Decides whose turn it is and which fault strikes. */
  readonly seed: number;
  readonly rules: RulesName;
  readonly requests: readonly Request[];
  readonly clients: number;
  readonly shards: number;
  readonly batchSize: number;
  readonly maxRetries: number;
  readonly maxItemBytes: number;
  readonly rates: FaultRates;
  /** Whether membership changes are published and delivered, too. */
  readonly delivers: boolean;
  /** Whether an operator undoes merges and links meanwhile. */
  readonly unmerges: boolean;
  /** Whether the lake corrects profiles meanwhile. */
  readonly corrects: boolean;
  /** Whether items are packed, as they are when deployed. */
  readonly packs: boolean;
  /** Milliseconds of which one goes by, by chance, before each receipt. */
  readonly pace: readonly number[];
}

/** Whether nobody is at work but one reader of one shard, so that only what the dead left behind could meet it. */
export const isAlone = ({ shards, rates, unmerges, corrects }: Plan): boolean =>
  shards === 1 && !unmerges && !corrects && rates.crash === 0 && rates.noAnswer === 0;

/**
 * Whether a history takes no longer than a profile remembers messages, so that none is counted twice. Those about
 * windows take months.
 */
export const remembersAll = ({ rules }: Plan): boolean => rules !== 'windowed';

/** Makes the history of a seed: few people, whose identifiers meet often, and anything from no faults to many. */
export function planOf(seed: number): Plan {
  const chance = seededChance(seed);
  const people = somePeople(chance, 1 + chance.below(4));
  const large = seed % 25 === 7;
  // Chance of its own, so that what was added later changes no history of before in all else.
  const later = seededChance(-2_000_000_000 - seed);
  let made = 0;
  const requests: (Message | string)[][] = Array.from({ length: 2 + chance.below(10) }, () =>
    Array.from({ length: 1 + chance.below(5) }, () =>
      chance.happens(0.02) ? chance.pick(rubbish) : someMessage(`m${++made}`, people, chance, large),
    ),
  );
  const plan: Plan = {
    seed,
    rules: chance.pick(['boundless', 'boundless', 'boundless', 'default', 'tight']),
    requests: withRepetitions(withNamesOfAccounts(withSharedIds(requests, seededChance(-1 - seed)), later), chance),
    clients: 1 + chance.below(3),
    shards: 1 + chance.below(4),
    batchSize: chance.pick([1, 3, 10]),
    maxRetries: chance.pick([1, 10]),
    maxItemBytes: chance.happens(0.1) ? 2_000 : bounds.itemBytes,
    rates: someRates(chance),
    delivers: chance.happens(0.3),
    unmerges: chance.happens(0.15),
    corrects: !large && later.happens(0.2),
    packs: later.happens(0.5),
    pace: [0, 0, 1000, 30_000],
  };
  return chance.happens(0.15) ? { ...plan, rules: 'windowed', pace: [0, 0, day, 3 * day, 20 * day] } : plan;
}

const day = 86_400_000;

const rubbish = [
  'not JSON',
  '{"type":"track"',
  '{"type":"track","event":"no message id","userId":"user-0"}',
  '[1,2,3]',
  'null',
] as const;

/** SDKs send a request again, whole or regrouped, when they do not hear an answer. */
function withRepetitions(requests: readonly Request[], chance: Chance): Request[] {
  const again = requests.flat().filter((item) => typeof item !== 'string' && chance.happens(0.15));
  const late = again.map((item) => [item]);
  return [...requests, ...requests.filter(() => chance.happens(0.15)), ...late]
    .map((request) => ({ request, at: chance.below(1000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ request }) => request);
}

const someRates = (chance: Chance): FaultRates =>
  chance.happens(0.1)
    ? noFaults
    : {
        crash: chance.pick([0, 0.01, 0.05]),
        throttled: chance.pick([0, 0.05, 0.2]),
        writesThrottled: chance.pick([0, 0.05, 0.2, 0.8]),
        noAnswer: chance.pick([0, 0.03, 0.1]),
        partial: chance.pick([0, 0.1, 0.3]),
        delivery: chance.pick([0, 0.1]),
      };
