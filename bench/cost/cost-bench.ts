import { assumptions } from '../metering/assumptions.ts';
import type { Costed } from '../metering/metered-platform.ts';
import { prices } from '../metering/prices.ts';
import { windowsPerDay } from '../metering/rhythm.ts';
import { shares } from '../metering/trace.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { capacityTable } from './capacity.ts';
import { costOf, demoCost, naiveCostOf, usualTraffic } from './cost.ts';

const folds = [1, 2, 5, 20, 100] as const;
/** Enough that what is rare is in it, and the same wherever costs are said. */
export const eventsCounted = 20_000;
const dollars = (value: number): string => value.toFixed(3);

/** What a million events cost, counted from what the functions ask of the services. */
export const cost: Bench = {
  name: 'cost',
  about: 'dollars per million events as a curve over f, and of the demo, beside a naive design',
  run,
};

async function run({ seed, progress }: BenchOptions): Promise<Found> {
  const steps = folds.length + 2;
  const curve: (Costed & { readonly f: number })[] = [];
  for (const [index, fold] of folds.entries()) {
    progress(index, steps);
    curve.push({ f: fold, ...(await costOf({ fold, seed, events: eventsCounted })) });
  }
  progress(folds.length, steps);
  const naive = await naiveCostOf({ fold: 20, seed, events: eventsCounted });
  progress(folds.length + 1, steps);
  const demo = await demoCost(seed);
  const rows = [
    ...curve.map((costed) => row(`f = ${costed.f}`, costed, usualTraffic.bytes)),
    row('naive, any f', naive, usualTraffic.bytes),
    row("the demo's traffic", demo.ours, demo.eventBytes),
    row("the demo's, naive", demo.naive, demo.eventBytes),
  ];
  return {
    tables: [
      curveTable(rows),
      ...[1, 20].map((f) =>
        billTable(
          `Where it goes at f = ${f}`,
          curve.find((one) => one.f === f),
        ),
      ),
      billTable('Where it goes in the naive design', naive),
      capacityTable(curve),
    ],
    data: { prices, assumptions, traffic: { ...usualTraffic, shares, windowsPerDay }, curve, naive, demo },
  };
}

const row = (name: string, { fold, profileBytes, bill }: Costed, eventBytes: number): string[] => [
  name,
  fold.toFixed(1),
  (eventBytes / 1024).toFixed(2),
  (profileBytes / 1024).toFixed(1),
  Math.round(bill.units('dynamoWrite')).toLocaleString('en-US'),
  Math.round(bill.units('dynamoRead')).toLocaleString('en-US'),
  dollars(bill.dollars('dynamoWrite', 'dynamoRead')),
  dollars(bill.dollars()),
];

const curveTable = (rows: readonly string[][]): Table => ({
  title: 'Dollars per million events, us-east-1, variable cost',
  columns: [
    'traffic',
    'events per write',
    'event KB',
    'profile KB',
    'write units',
    'read units',
    'DynamoDB $',
    'total $',
  ],
  rows,
  notes: [
    'f: events of one person in a batch of stitch. Units and dollars are per million events.',
    'In the total: API, collect, stream, raw zone for 30 days, stitch, DynamoDB, segments, deliveries, identity log, logs.',
    'Not in it: what costs the same with no events, DynamoDB storage, the free tiers.',
  ],
});

/** Lines below a tenth of a cent are one line. */
function billTable(title: string, costed: Costed | undefined): Table {
  const lines = costed?.bill.lines ?? [];
  const small = lines.filter((line) => line.dollars < 0.001);
  return {
    title: `${title}, dollars per million events`,
    columns: ['part', 'unit', 'units', '$'],
    rows: [
      ...lines
        .filter((line) => line.dollars >= 0.001)
        .map(({ part, unit, unitsPerMillion, dollars: spent }) => [
          part,
          prices[unit].of,
          Number(unitsPerMillion.toPrecision(4)).toLocaleString('en-US'),
          dollars(spent),
        ]),
      [`${small.length} smaller lines`, '', '', dollars(small.reduce((sum, line) => sum + line.dollars, 0))],
      ['together', '', '', dollars(costed?.bill.dollars() ?? 0)],
    ],
  };
}
