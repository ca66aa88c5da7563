import { seededRandom } from '../../local/demo/shop/random.ts';
import type { MemoryDynamoDb } from '../../test/fakes/memory-dynamodb.ts';
import { crowdOf, type Person } from '../events/crowd.ts';
import { type Bill, dynamoListener, Meter } from '../metering/meter.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import { config, traceOf } from './stitch.ts';
import { type Contestant, race, type Timing } from './stopwatch.ts';
import { timingTable } from './timing-table.ts';

const sizes = [1_000, 10_000, 100_000, 1_000_000] as const;
const fold = 20;
/** Small, for a million of them are in memory at once. */
const person: Person = { devices: 1, traits: 5, recentEvents: 20 };

/** Whether an event takes longer, or costs more, when there are a thousand times as many profiles. */
export const growth: Bench = {
  name: 'growth',
  about: 'time and DynamoDB units per event with a thousand to a million profiles in the table',
  run,
};

async function run({ seed, rounds, progress }: BenchOptions): Promise<Found> {
  const contestants: Contestant[] = [];
  const bills: Bill[] = [];
  for (const [index, people] of sizes.entries()) {
    const random = seededRandom(seed);
    const crowd = await crowdOf(people, person, config, random);
    const trace = (table: MemoryDynamoDb) =>
      traceOf(`${people.toLocaleString('en-US')} profiles`, table, { people, fold }, random);
    contestants.push(trace(crowd));
    bills.push(await billOf(crowd, trace));
    progress(index + 1, sizes.length + rounds);
  }
  const timings = await race(contestants, rounds, (done) => progress(sizes.length + done, sizes.length + rounds));
  return { tables: [table(timings, bills)], data: { person, fold, timings, bills } };
}

async function billOf(crowd: MemoryDynamoDb, trace: (table: MemoryDynamoDb) => Contestant): Promise<Bill> {
  const meter = new Meter();
  const metered = crowd.heardBy(dynamoListener(meter, 'stitch'));
  metered.forgets = true;
  const { events, run: once } = trace(metered);
  await once();
  return meter.bill(events);
}

/** Beside the smallest table instead of the usual reference. */
function table(timings: readonly Timing[], bills: readonly Bill[]) {
  const { columns, rows, ...rest } = timingTable(`stitch: f = ${fold}, by number of profiles`, timings);
  const dollars = (bill: Bill | undefined): string => (bill?.dollars() ?? 0).toFixed(4);
  return {
    ...rest,
    columns: [...columns.slice(0, -1), 'time of the first', 'DynamoDB $ per million events'],
    rows: rows.map((row, n) => [...row, dollars(bills[n])]),
  };
}
