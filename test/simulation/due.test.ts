import { describe, expect, it } from 'vitest';
import { numRuns } from '../fixtures/laws.ts';
import { DueHistory, type Meddle } from './histories/due-history.ts';
import { type Chance, seededChance } from './running/chance.ts';
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

async function play(people: number, rates: FaultRates, chance: Chance, meddle?: Meddle) {
  const history = new DueHistory(new SeededTurns(chance), chance, rates, meddle);
  await history.play(people, 4 * people);
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
    for (const kind of ['woken', 'told: exited recent', 'told: entered cart', 'contention: ', 'fault: crash'])
      expect(tally.totalOf(kind), kind).toBeGreaterThan(0);
  }, 300_000);

  it('do so when a worker dies at any of its calls, before or after the call takes effect', async () => {
    const crash = 0.123;
    let died = true;
    let at = 0;
    for (; died; at++) {
      died = false;
      let asked = 0;
      const seeded = seededChance(7);
      const chance: Chance = {
        ...seeded,
        happens: (probability) => {
          if (probability !== crash) return seeded.happens(probability);
          const dies = asked++ === at;
          died ||= dies;
          return dies;
        },
      };
      expect((await play(1, { ...noFaults, crash }, chance)).violations, `death ${at}`).toEqual([]);
    }
    console.log(`${at} deaths`);
    expect(at).toBeGreaterThan(50);
  }, 300_000);

  it('are found to tell twice when tend writes whatever others wrote', async () => {
    const unconditional: Meddle = (store) =>
      Object.assign(Object.create(store) as typeof store, {
        put: ({ Item }: Parameters<typeof store.put>[0]) => store.put({ Item }),
      });
    let found = 0;
    for (let seed = 1; seed <= 40 && found === 0; seed++)
      found += (await play(4, faults, seededChance(seed), unconditional)).violations.length;
    expect(found).toBeGreaterThan(0);
  }, 300_000);
});
