import { assumedSeconds, assumptions } from '../metering/assumptions.ts';
import type { Bench, Found } from '../report/bench.ts';
import { costOf } from './cost.ts';
import { eventsCounted } from './cost-bench.ts';
import { type Needs, needs, scaleColumns } from './scale.ts';

/** Computes what events a second ask of each part; nothing is timed, so it says the same on every machine. */
export const scale: Bench = {
  name: 'scale',
  about: 'what 100 to 50,000 events a second need of each part, computed from counted units',
  run: async ({ progress }) => {
    const rows = await scaleNeeds((done) => progress(done, 2));
    const columns = scaleColumns.map(([name]) => name);
    return {
      tables: [{ title: 'What events a second need', columns, rows: rows.map(scaleRow) }],
      data: { assumptions, rows },
    } satisfies Found;
  },
};

const rates = [100, 1000, 10_000, 50_000] as const;

/**
 * Counts as many events as the cost bench, at f = 1 and 20, with the processor time that is assumed, and computes what
 * rates of them need.
 */
export async function scaleNeeds(progress: (done: number) => void = () => {}): Promise<Needs[]> {
  const found: Needs[] = [];
  for (const [index, fold] of [1, 20].entries()) {
    progress(index);
    const costed = await costOf({ fold, seed: 1, events: eventsCounted, seconds: assumedSeconds });
    found.push(...rates.map((rate) => needs(rate, fold, costed)));
  }
  return found.sort((a, b) => a.eventsPerSecond - b.eventsPerSecond || a.f - b.f);
}

/** One row of the table in docs/guides/scale.md. */
export const scaleRow = (needed: Needs): string[] => scaleColumns.map(([, of]) => of(needed));
