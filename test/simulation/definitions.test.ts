import { describe, expect, it } from 'vitest';
import { numRuns } from '../fixtures/laws.ts';
import { ChangingHistory, type Playing } from './histories/changing-history.ts';
import { rewritePuts, withoutCondition } from './histories/sabotage.ts';
import { seededChance } from './running/chance.ts';
import { firstViolation } from './running/first-violation.ts';
import { Tally } from './running/tally.ts';
import { SeededTurns } from './running/turns.ts';
import { type FaultRates, noFaults } from './running/worker.ts';
import type { PlantedMistake } from './world/changing-platform.ts';

const faults: FaultRates = {
  crash: 0.01,
  throttled: 0.02,
  writesThrottled: 0.03,
  noAnswer: 0.03,
  partial: 0.03,
  delivery: 0.1,
};
/** Histories, of the seeds from this one on. */
const runs = Number(process.env.DEFINITIONS_RUNS ?? numRuns(48));
const first = Number(process.env.DEFINITIONS_SEED ?? 1);

async function play(seed: number, more: Partial<Playing> = {}, people = 3, events = 6): Promise<ChangingHistory> {
  const chance = seededChance(seed);
  const history = new ChangingHistory({ turns: new SeededTurns(chance), chance, rates: faults, ...more });
  await history.play(people, events);
  return history;
}

const mustHappen = [
  ...['deployments', 'runs of histories', 'commands done', 'commands that failed: Died', 'merges', 'unmerges written'],
  ...['woken', 'contention: ', 'fault: crash', 'told: entered bought', 'told: exited bought', 'told: entered absent'],
  ...['told: entered firm', 'told: exited firm', 'told: entered busy', 'computed traits compared'],
] as const;

describe('definitions that change', () => {
  it(`make each entry and exit true of all events, once, after their history (seeds ${first} to ${first + runs - 1})`, async () => {
    const tally = new Tally();
    for (let seed = first; seed < first + runs; seed++) {
      const history = await play(seed);
      expect(history.violations, `seed ${seed}`).toEqual([]);
      tally.addAll(history.tally);
    }
    console.log(`${runs} histories, seed ${first} and following`, Object.fromEntries(tally.sorted()));
    for (const kind of mustHappen) expect(tally.totalOf(kind), kind).toBeGreaterThan(0);
  });

  /** A history in which a command dies at the `n`th time that it could; counts how often it could. */
  async function dying(seed: number, n: number) {
    let could = 0;
    const chance = { ...seededChance(-seed), happens: (rate: number) => rate > 0 && could++ === n };
    const ofCommands = { chance, rates: { ...noFaults, crash: 1 } };
    const history = await play(seed, { rates: noFaults, ofCommands }, 2, 4);
    return { could, history };
  }

  it('do so when the command dies at any of its calls, before or after the call takes effect', async () => {
    const [tally, tried] = [new Tally(), [] as number[]];
    for (const seed of [3, 4]) {
      const { could } = await dying(seed, -1);
      expect(could).toBeGreaterThan(100);
      const step = Math.max(1, Math.floor(could / numRuns(20)));
      for (let n = seed % step; n < could; n += step) {
        const { history } = await dying(seed, n);
        expect(history.violations, `seed ${seed}, death ${n}`).toEqual([]);
        tried.push(n);
        tally.addAll(history.tally);
      }
      tally.add(`calls of seed ${seed}`, could);
    }
    console.log(Object.fromEntries(tally.sorted().filter(([name]) => /command|call|runs/.test(name))));
    expect(tally.of('commands that failed: Died')).toBe(tried.length);
  });

  type Put = Parameters<Parameters<typeof rewritePuts>[0]>[0];
  type Histories = [born: number, based: number, counts: number, rest?: { filling?: unknown[]; awaits?: string }];
  /** Changes what a profile says of its histories, where it says something. */
  const withHistories = (change: (histories: Histories, item: NonNullable<Put['Item']>) => void) =>
    rewritePuts((put) => {
      if (!Array.isArray(put.Item?.histories) || put.Item.kind !== 'profile') return put;
      const histories = structuredClone(put.Item.histories) as Histories;
      change(histories, put.Item);
      return { ...put, Item: { ...put.Item, histories } };
    });
  const isMerged = (item: NonNullable<Put['Item']>): boolean => String(item.merged ?? '[]') !== '[]';
  it.each<{ name: string; planted: PlantedMistake; says: RegExp }>([
    {
      name: 'a command writes whatever others wrote',
      planted: { of: 'apply', sabotage: rewritePuts(withoutCondition) },
      says: /twice|went from version/,
    },
    {
      name: 'a command goes on after a deployment',
      planted: { of: 'apply', isBlind: true },
      says: /is in .*, not in|wrongly|waits/,
    },
    {
      name: 'stitch counts and decides as if nothing lacked its history',
      planted: { of: 'stitch', isBlind: true },
      says: /wrongly|is in .*, not in/,
    },
    {
      name: 'tend decides as if nothing lacked its history',
      planted: { of: 'tend', isBlind: true },
      says: /wrongly|is in .*, not in/,
    },
    {
      name: 'a profile forgets whose histories it has',
      planted: {
        of: 'apply',
        sabotage: withHistories((histories) => {
          const { filling } = histories[3] ?? {};
          if (filling) histories[3] = { ...histories[3], filling: filling.slice(0, 3) };
        }),
      },
      says: /wrongly|is in .*, not in|waits/,
    },
    {
      name: 'who has merged has every history',
      planted: {
        of: 'stitch',
        sabotage: withHistories((histories, item) => {
          if (isMerged(item)) histories[1] = histories[2];
        }),
      },
      says: /wrongly|is in .*, not in/,
    },
    {
      name: 'a command says of everybody that they have every history',
      planted: {
        of: 'apply',
        sabotage: withHistories((histories) => {
          histories[1] = histories[2];
        }),
      },
      says: /wrongly|is in .*, not in/,
    },
  ])('are seen to be wrong when $name', async ({ planted, says }) => {
    expect(await firstViolation(says, 28, (seed) => play(seed, { planted }))).toBeDefined();
  });
});
