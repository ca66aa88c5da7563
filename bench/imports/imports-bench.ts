import { type Line, measurements } from '../lake/measurements.ts';
import { assumptions } from '../metering/assumptions.ts';
import { prices } from '../metering/prices.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import type { DoorName } from './doors.ts';
import { type GrownJob, glueHours, grownJobs, leastRun } from './growth.ts';
import { afterStream, entryCostOf } from './imports.ts';

/** What rows of sources cost. */
export const imports: Bench = {
  name: 'imports',
  about: 'dollars per million rows by the way they come: files, records, webhooks, topics and databases; takes minutes',
  run,
};

const folds = [1, 20] as const;
const events = 20_000;

/** One way of rows: where they enter, which share goes on as a piece, and the job that works on them. */
interface Way {
  readonly name: string;
  readonly enters?: DoorName;
  /** Share of rows that a job hands on in pieces. */
  readonly goesOn?: number;
  readonly job?: GrownJob;
}

const ways: readonly Way[] = [
  { name: 'SDKs, 20 events in a request', enters: 'requests' },
  { name: 'webhooks', enters: 'webhooks' },
  { name: 'topics of Kafka', enters: 'topics' },
  { name: 'files, by the function', enters: 'file' },
  { name: 'large files, by the job', goesOn: 1, job: 'files' },
  { name: 'a database, rows that are events', goesOn: 1, job: 'database' },
  { name: 'an API, rows that are events', goesOn: 1, job: 'api' },
  { name: 'records in a file, all new', enters: 'records', goesOn: 1, job: 'new' },
  { name: 'records, one in a hundred changed', enters: 'records', goesOn: 0.01, job: 'changed' },
  { name: 'records, none changed', enters: 'records', goesOn: 0, job: 'unchanged' },
];

/** Dollars per million rows of one way. */
interface Costed {
  readonly name: string;
  readonly fold: number;
  readonly toStream: number;
  /** Of a data processing unit of Glue. */
  readonly glueHours: number;
  readonly after: number;
}

async function run({ seed, progress }: BenchOptions): Promise<Found> {
  const steps = folds.length * ways.length + 2;
  const growth = await measurements('bench/imports/jobs.py', ['--seed', `${seed}`], () => progress(1, steps));
  const [small, large] = growth;
  if (small === undefined || large === undefined) throw new Error('the jobs were not measured');
  const rows: Costed[] = [];
  for (const fold of folds) {
    const after = await afterStream({ fold, seed });
    const known = new Map<DoorName, number>();
    const entry = async (door: DoorName | undefined): Promise<number> => {
      if (door === undefined) return 0;
      const dollars = known.get(door) ?? (await entryCostOf({ door, fold, events, seed })).dollars();
      known.set(door, dollars);
      return dollars;
    };
    for (const { name, enters, goesOn, job } of ways) {
      progress(rows.length + 2, steps);
      const sent = goesOn ?? 1;
      rows.push({
        ...{ name, fold, after: after * sent },
        toStream: (await entry(enters)) + (goesOn === undefined ? 0 : goesOn * (await entry('pieces'))),
        glueHours: job === undefined ? 0 : glueHours([small, large], job),
      });
    }
  }
  return {
    tables: [costTable(rows), growthTable(growth)],
    data: { prices, assumptions, events, rows, growth, leastRun },
  };
}

const glueOf = ({ glueHours }: Costed): number => glueHours * prices.glueHour.dollars;
const together = (row: Costed): number => row.toStream + glueOf(row) + row.after;

const costTable = (rows: readonly Costed[]): Table => ({
  title: 'Dollars per million rows of 1 KB, us-east-1, variable cost',
  columns: [
    ...['rows come by', 'f', 'to the stream and the raw zone', 'DPU-hours of Glue', 'Glue'],
    ...['profiles and deliveries', 'together'],
  ],
  rows: rows.map((row) => [
    row.name,
    String(row.fold),
    row.toStream.toFixed(2),
    row.glueHours.toFixed(3),
    ...[glueOf(row), row.after, together(row)].map((dollars) => dollars.toFixed(2)),
  ]),
  notes: [
    `Each run of a job costs at least $${leastRun.toFixed(4)} besides. A topic costs what Lambda's pollers cost besides.`,
    'Imports wait for their half of one shard, and Lambda bills the wait.',
  ],
});

const growthTable = (lines: readonly Line[]): Table => ({
  title: 'Jobs of imports by their rows, seconds on two cores',
  columns: ['rows', 'files', 'database', 'API', 'records, new', 'one in a hundred changed', 'unchanged'],
  rows: lines.map((line) => [
    Number(line.rows).toLocaleString('en-US'),
    ...grownJobs.map((job) => Number(line[job]).toFixed(1)),
  ]),
});
