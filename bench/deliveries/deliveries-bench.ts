import { assumptions } from '../metering/assumptions.ts';
import { prices } from '../metering/prices.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { type Forwarded, forwardingCostOf } from './forwarding.ts';

/** What forwarded events cost. */
export const deliveries: Bench = {
  name: 'deliveries',
  about: 'dollars per million events that are forwarded, by destinations, their share, and how busy the stream is',
  run,
};

const cases = [
  { destinations: 1, share: 1, eventsPerWindow: 1_000 },
  { destinations: 5, share: 0.5, eventsPerWindow: 1_000 },
  { destinations: 10, share: 0.5, eventsPerWindow: 1_000 },
  { destinations: 20, share: 1, eventsPerWindow: 1_000 },
  { destinations: 10, share: 0.5, eventsPerWindow: 100 },
  { destinations: 10, share: 0.5, eventsPerWindow: 10 },
] as const;

type Row = Omit<(typeof cases)[number], 'share'> & Forwarded;

async function run({ seed, progress }: BenchOptions): Promise<Found> {
  const rows: Row[] = [];
  for (const [done, each] of cases.entries()) {
    progress(done, cases.length);
    rows.push({ ...each, ...(await forwardingCostOf({ ...each, events: 20_000, seed })) });
  }
  const usual = rows.find(({ destinations, eventsPerWindow }) => destinations === 10 && eventsPerWindow === 1_000);
  return { tables: [curveTable(rows), billTable(usual)], data: { prices, assumptions, rows } };
}

const curveTable = (rows: readonly Row[]): Table => ({
  title: 'Dollars per million events of 1 KB that come in, for forwarding alone',
  columns: ['destinations', 'share', 'events in a batch', 'events in a message', '$ per million'],
  rows: rows.map(({ destinations, share, eventsPerWindow, eventsPerMessage, bill }) => [
    String(destinations),
    `${Math.round(share * 100)} %`,
    eventsPerWindow.toLocaleString('en-US'),
    eventsPerMessage.toFixed(1),
    bill.dollars().toFixed(3),
  ]),
  notes: [
    'Counted: the forward function, and messages sent, received and deleted, each alone; and that deliver starts.',
    'Not counted: the time that deliver waits for a tool. A batch of forward is what comes in five seconds.',
  ],
});

const billTable = (row: Row | undefined): Table => ({
  title: 'Where it goes with ten destinations that take half of the events each',
  columns: ['part', 'unit', 'units per million', '$ per million'],
  rows: (row?.bill.lines ?? []).map(({ part, unit, unitsPerMillion, dollars }) => [
    part,
    prices[unit].of,
    Math.round(unitsPerMillion).toLocaleString('en-US'),
    dollars.toFixed(4),
  ]),
});
