import { assumptions } from '../metering/assumptions.ts';
import { prices } from '../metering/prices.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { type Delivered, type DeliveringCase, deliveringCostOf } from './delivering.ts';
import { type Forwarded, forwardingCostOf } from './forwarding.ts';
import { type Outage, outageCostOf } from './outage.ts';

/** What deliveries and forwarded events cost. */
export const deliveries: Bench = {
  name: 'deliveries',
  about:
    'dollars per million deliveries, and per million events that are forwarded, by destinations and how busy it is',
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

const toldCases = [
  { told: 'changes', messages: 1 },
  { told: 'changes', messages: 10 },
  { told: 'changes', messages: 10, perSecond: 1_000 },
  { told: 'changes', messages: 10, batch: 100 },
  { told: 'traits', messages: 1 },
  { told: 'traits', messages: 10 },
  { told: 'events', messages: 1 },
  { told: 'events', messages: 10 },
  { told: 'events', messages: 1, batch: 1_000 },
  { told: 'events', messages: 10, batch: 1_000 },
] as const satisfies readonly Partial<DeliveringCase>[];

const outages = [
  { messages: 100_000, rests: false },
  { messages: 100_000, rests: true },
  { messages: 1_000_000, rests: false },
  { messages: 1_000_000, rests: true },
] as const;

type Told = Pick<DeliveringCase, 'told' | 'messages' | 'batch' | 'perSecond'> & Delivered;

async function run({ seed, progress }: BenchOptions): Promise<Found> {
  const rows: Row[] = [];
  const delivered: Told[] = [];
  for (const each of toldCases)
    delivered.push({ ...each, ...(await deliveringCostOf({ ...each, deliveries: 4_000, seed })) });
  for (const [done, each] of cases.entries()) {
    progress(done, cases.length);
    rows.push({ ...each, ...(await forwardingCostOf({ ...each, events: 20_000, seed })) });
  }
  const usual = rows.find(({ destinations, eventsPerWindow }) => destinations === 10 && eventsPerWindow === 1_000);
  const waited: Outage[] = [];
  for (const each of outages) waited.push(await outageCostOf(each));
  const told = [toldTable(delivered), ...delivered.slice(0, 1).map(toldBill), outageTable(waited)];
  const tables = [...told, curveTable(rows), billTable(usual)];
  return { tables, data: { prices, assumptions, delivered, waited, rows } };
}

const things = { changes: 'audience events', traits: 'values of traits', events: 'forwarded events' } as const;

const nameOf = ({ told: what, messages, batch, perSecond }: Told): string =>
  [
    things[what],
    messages === 1 ? 'a message at a time' : `${messages} messages at a time`,
    batch === undefined ? 'one in a call' : 'in batches',
    ...(perSecond === undefined ? [] : ['with a rate']),
  ].join(', ');

const toldTable = (rows: readonly Told[]): Table => ({
  title: 'Dollars per million deliveries, from their queue on',
  columns: ['what', 'calls', 'SQS', 'Lambda', 'DynamoDB', 'rows', 'logs', 'together'],
  rows: rows.map((row) => [
    nameOf(row),
    row.requestsPerDelivery.toFixed(3),
    ...partsOf(row).map((part) => part.toFixed(3)),
  ]),
  notes: [
    'Of a call the tool needs 200 ms. Half of the audience events are entries, half are exits. Each value is another.',
    'Messages with forwarded events have 60 of them, and what brings them to the queue is in the table below.',
  ],
});

const partsOf = ({ bill }: Told): number[] => [
  bill.dollars('sqsRequest'),
  bill.dollars('lambdaRequest', 'lambdaArmSecond'),
  bill.dollars('dynamoRead', 'dynamoWrite'),
  bill.dollars('firehoseGb'),
  bill.dollars('logGb', 'secretRead', 'kmsRequest'),
  bill.dollars(),
];

const toldBill = (row: Told): Table => ({ ...billTable(row), title: `Where it goes: ${nameOf(row)}` });

const outageTable = (rows: readonly Outage[]): Table => ({
  title: 'Dollars for messages that wait four hours behind an open breaker',
  columns: ['messages', 'its queue', 'receives of each', 'dollars'],
  rows: rows.map(({ messages, rests, receives, dollars }) => [
    messages.toLocaleString('en-US'),
    rests ? 'rests in long pauses' : 'is polled all the time',
    (receives / messages).toFixed(1),
    dollars.toFixed(3),
  ]),
  notes: ['Ten executions at once hide ten messages each. Lambda needs a minute to stop or to start polling.'],
});

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

const billTable = (row: Pick<Row, 'bill'> | undefined): Table => ({
  title: 'Where it goes with ten destinations that take half of the events each',
  columns: ['part', 'unit', 'units per million', '$ per million'],
  rows: (row?.bill.lines ?? []).map(({ part, unit, unitsPerMillion, dollars }) => [
    part,
    prices[unit].of,
    Math.round(unitsPerMillion).toLocaleString('en-US'),
    dollars.toFixed(4),
  ]),
});
