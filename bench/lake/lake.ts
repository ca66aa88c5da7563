import { readFile } from 'node:fs/promises';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { type Line, measurements } from './measurements.ts';

/**
 * What is measured apart: the program, its options, what each of its lines must say to be right, and how many lines
 * there are.
 */
interface Part {
  readonly program: string;
  readonly options: (seed: number) => readonly string[];
  readonly isRight: (line: Line) => boolean;
  readonly lines: number;
  readonly table: (lines: readonly Line[]) => Table;
}

/** The lake's jobs by the size of what they work on, on Spark; each of the programs can also be run alone. */
export const lake: Bench = {
  name: 'lake',
  about:
    'jobs of the lake: 12 million edges of identity, events by their number, runs with little to do, matching on FEBRL; takes most of an hour',
  run,
};

async function run({ seed, only, progress }: BenchOptions): Promise<Found> {
  if (only !== undefined && !(only in parts))
    throw new Error(`lake has no part ${only}; it has ${Object.keys(parts).join(', ')}`);
  const chosen = Object.entries(parts).filter(([name]) => only === undefined || name === only);
  const steps = chosen.reduce((sum, [, { lines }]) => sum + lines, 0);
  let done = 0;
  // What is not measured now stays as it was measured last.
  const data: Record<string, Line[]> = only === undefined ? {} : await measuredBefore();
  for (const [name, { program, options, isRight }] of chosen) {
    const lines = await measurements(program, options(seed), () => progress(++done, steps));
    const wrong = lines.filter((line) => !isRight(line));
    if (wrong.length > 0) throw new Error(`the lake's jobs did not do what they must: ${JSON.stringify(wrong)}`);
    data[name] = lines;
  }
  return {
    tables: Object.entries(parts).flatMap(([name, { table }]) => (data[name] === undefined ? [] : [table(data[name])])),
    data,
  };
}

async function measuredBefore(): Promise<Record<string, Line[]>> {
  const result = JSON.parse(await readFile(new URL('../results/lake.json', import.meta.url), 'utf8')) as {
    data: Record<string, Line[]>;
  };
  return { ...result.data };
}

const figure = (value: Line[string] | undefined, digits = 0): string =>
  value === undefined
    ? ''
    : Number(value).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const graphTable = (lines: readonly Line[]): Table => ({
  title: 'identities: components of graphs of identifiers, seconds',
  columns: ['graph', 'edges', 'identifiers', 'held by one task', 'job', 'scipy', 'Splink on DuckDB', 'µs per edge'],
  rows: lines.map(({ form, edges, identifiers, held, job, scipy, splink }) => [
    `${form ?? 'random'}`,
    figure(edges),
    figure(identifiers),
    held === undefined ? 'all' : figure(held),
    figure(job, 2),
    figure(scipy, 2),
    figure(splink, 2),
    figure((Number(job) / Number(edges)) * 1e6, 2),
  ]),
  notes: [
    'The job reads and writes Parquet with the texts of identifiers; scipy has numbers in memory. All have the same components.',
    'Of the last graphs one task may hold a tenth: they are contracted first, as larger ones are in a deployment.',
  ],
});

const eventsTable = (lines: readonly Line[]): Table => ({
  title: 'events: raw lines to the table, on two cores',
  columns: [
    'events',
    'seconds',
    'events/s',
    'µs per event',
    'bytes raw',
    'bytes stored',
    'files',
    '1 % late, s',
    'nothing new, s',
  ],
  rows: lines.map((line) => [
    figure(line.events),
    figure(line.seconds, 1),
    figure(line.events_per_second),
    figure((Number(line.seconds) / Number(line.events)) * 1e6, 1),
    figure(line.raw_bytes_per_event),
    figure(line.table_bytes_per_event),
    figure(line.files),
    figure(line.late_seconds, 1),
    figure(line.nothing_new_seconds, 1),
  ]),
  notes: ['Bytes are per event: a line of the raw zone before gzip, and what the table has.'],
});

const runsTable = (lines: readonly Line[]): Table => ({
  title: 'runs with little to do, by job',
  columns: [
    'events stored',
    'run',
    'new events',
    'job',
    'seconds',
    'Spark jobs',
    'commits',
    'rows read',
    'rows shuffled',
  ],
  rows: lines.map((line) => [
    figure(line.stored),
    `${line.run}`,
    figure(line.new),
    `${line.job}`,
    figure(line.seconds, 1),
    figure(line.spark_jobs),
    figure(line.commits),
    figure(line.rows_read),
    figure(line.rows_shuffled),
  ]),
  notes: ['Commits are snapshots of tables. The seconds leave out the start of Spark, a minute or more on Glue.'],
});

const matchingTable = (lines: readonly Line[]): Table => ({
  title: 'matches: records of FEBRL that share no identifier',
  columns: ['set', 'records', 'precision', 'recall', 'wrong pairs', 'missed pairs', 'recall of exact rules', 'seconds'],
  rows: lines.map((line) => [
    `FEBRL ${line.set}`,
    figure(line.records),
    figure(line.precision, 4),
    figure(line.recall, 4),
    figure(line.wrong),
    figure(line.missed),
    figure(line.rules_recall, 4),
    figure(line.seconds, 1),
  ]),
  notes: ['Pairs of records that links make one person, at the default linkAbove; exact rules have a precision of 1.'],
});

const parts: Readonly<Record<string, Part>> = {
  graph: {
    program: 'bench/lake/graph.py',
    options: (seed) => ['--growth', '--contracted', '--seed', `${seed}`],
    isRight: ({ equal }) => equal === true,
    lines: 7,
    table: graphTable,
  },
  events: {
    program: 'bench/lake/events.py',
    options: (seed) => ['--seed', `${seed}`],
    isRight: ({ complete }) => complete === true,
    lines: 3,
    table: eventsTable,
  },
  runs: {
    program: 'bench/lake/runs.py',
    options: (seed) => ['--seed', `${seed}`],
    isRight: ({ complete }) => complete === true,
    lines: 18,
    table: runsTable,
  },
  matching: {
    program: 'bench/lake/matching.py',
    options: () => [],
    isRight: ({ precision }) => Number(precision) >= 0.99,
    lines: 4,
    table: matchingTable,
  },
};
