import { describe, expect, it } from 'vitest';
import { numRuns } from '../fixtures/laws.ts';
import { DueHistory, type PlantedMistake } from './histories/due-history.ts';
import { rewritePuts, withoutCondition } from './histories/sabotage.ts';
import { type Chance, seededChance } from './running/chance.ts';
import { crash, dyingAtEachCall } from './running/deaths.ts';
import { firstViolation } from './running/first-violation.ts';
import { Tally } from './running/tally.ts';
import { SeededTurns } from './running/turns.ts';
import { type FaultRates, noFaults } from './running/worker.ts';

const faults: FaultRates = {
  crash: 0.02,
  throttled: 0.03,
  writesThrottled: 0.05,
  noAnswer: 0.05,
  partial: 0.05,
  delivery: 0.1,
};

const mustHappen = [
  ...['woken', 'told: exited recent', 'told: entered cart', 'told: entered often', 'told: exited quiet'],
  ...['merges', 'unmerges written', 'unmerges late, written', 'one at the end', 'contention: ', 'fault: crash'],
] as const;

async function play(people: number, rates: FaultRates, chance: Chance, planted?: PlantedMistake) {
  const history = new DueHistory(new SeededTurns(chance), chance, rates, planted);
  await history.play(people, 6 * people);
  return history;
}

describe('profiles that change by themselves', () => {
  it('change on time, and tell each entry and exit once, whoever writes at once and whatever fails', async () => {
    const [runs, tally] = [numRuns(120), new Tally()];
    for (let seed = 1; seed <= runs; seed++) {
      const history = await play(4, faults, seededChance(seed));
      expect(history.violations, `seed ${seed}`).toEqual([]);
      tally.addAll(history.tally);
    }
    console.log(`${runs} histories, seeds 1 to ${runs}`, Object.fromEntries(tally.sorted()));
    for (const kind of mustHappen) expect(tally.totalOf(kind), kind).toBeGreaterThan(0);
  });

  it('do so when a worker dies at any of its calls, before or after the call takes effect', async () => {
    const [deaths, tally] = [[] as number[], new Tally()];
    for (const seed of [55, 84]) {
      const played = await dyingAtEachCall(seed, async (chance, death) => {
        const history = await play(1, { ...noFaults, crash }, chance);
        expect(history.violations, `seed ${seed}, death ${death}`).toEqual([]);
        tally.addAll(history.tally);
      });
      deaths.push(played);
    }
    console.log(`${deaths.join(' and ')} deaths`, Object.fromEntries(tally.sorted()));
    expect(Math.min(...deaths)).toBeGreaterThan(50);
    for (const kind of ['merges', 'unmerges written', 'woken']) expect(tally.of(kind), kind).toBeGreaterThan(0);
  });

  type Put = Parameters<Parameters<typeof rewritePuts>[0]>[0];
  const inMerges = (change: (item: NonNullable<Put['Item']>) => Put['Item']) =>
    rewritePuts((put) => (String(put.Item?.merged ?? '[]') !== '[]' ? { ...put, Item: change(put.Item ?? {}) } : put));
  it.each<{ name: string; planted: PlantedMistake; says: RegExp }>([
    {
      name: 'tend writes whatever others wrote',
      planted: { of: 'tend', sabotage: rewritePuts(withoutCondition) },
      says: /twice|went from version/,
    },
    {
      name: 'who has merged is in the index no more',
      planted: { of: 'stitch', sabotage: inMerges(({ dueAt: _, dueShard: __, ...item }) => item) },
      says: /is in .*, not in/,
    },
    {
      name: 'who has merged keeps what the one was in, and tells nothing',
      planted: { of: 'stitch', sabotage: inMerges(({ changes: _, ...item }) => item) },
      says: /was told/,
    },
    {
      name: 'tend finds profiles due a minute late',
      planted: {
        of: 'stitch',
        sabotage: rewritePuts((put) =>
          typeof put.Item?.dueAt === 'number' ? { ...put, Item: { ...put.Item, dueAt: put.Item.dueAt + 120 } } : put,
        ),
      },
      says: /is in .*, not in/,
    },
    {
      name: 'the clock of tend is a minute ahead',
      planted: { of: 'tend', sabotage: (client) => client, ahead: 60_000 },
      says: /too early/,
    },
    {
      name: 'an unmerge leaves both as they are told',
      planted: {
        of: 'operator',
        sabotage: rewritePuts(({ Item: { changes: _, ...Item } = {}, ...put }) => ({ ...put, Item })),
      },
      says: /was told/,
    },
  ])('are seen to be wrong when $name', async ({ planted, says }) => {
    const ofSeed = (seed: number) => play(4, faults, seededChance(seed), planted);
    expect(await firstViolation(says, 60, ofSeed)).toBeDefined();
  });
});
