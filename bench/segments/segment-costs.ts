import { costOf, windowedCostOf } from '../cost/cost.ts';
import { eventsCounted } from '../cost/cost-bench.ts';
import { assumedSeconds } from '../metering/assumptions.ts';
import type { Costed } from '../metering/metered-platform.ts';
import type { Table } from '../report/table.ts';

interface SegmentCost extends Costed {
  readonly name: string;
}

/** What a million events cost without windows, and with ten segments over windows. */
export async function segmentCosts(seed: number): Promise<SegmentCost[]> {
  const costs: SegmentCost[] = [];
  for (const fold of [1, 20]) {
    const options = { fold, seed, events: eventsCounted, seconds: assumedSeconds };
    costs.push({ name: `f = ${fold}, no windows`, ...(await costOf(options)) });
    costs.push({ name: `f = ${fold}, ten over windows`, ...(await windowedCostOf(options)) });
    costs.push({
      name: `f = ${fold}, the same, a cart in each visit`,
      ...(await windowedCostOf({ ...options, withCart: 1 })),
    });
  }
  return costs;
}

/** Write units of the due index per million events. */
const indexUnits = ({ bill }: Costed): number =>
  bill.lines.filter(({ part }) => part.endsWith('due index')).reduce((sum, line) => sum + line.unitsPerMillion, 0);

const figure = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The costs to read. */
export const costTable = (costs: readonly SegmentCost[]): Table => ({
  title: 'Dollars per million events',
  columns: ['traffic', 'total $', 'profile KB', 'write units', 'of the due index', 'wakes'],
  rows: costs.map((cost) => [
    cost.name,
    cost.bill.dollars().toFixed(3),
    (cost.profileBytes / 1024).toFixed(1),
    figure(cost.bill.units('dynamoWrite')),
    figure(indexUnits(cost)),
    figure(cost.wakes),
  ]),
  notes: [
    'With windows, people come once a day and have three batches of f events then; one visit in ten is about the cart,',
    'which begins an hour that runs out by itself. Before, each has had a month of events.',
  ],
});
