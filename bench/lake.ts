import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Bench, BenchOptions, Found } from './bench.ts';
import type { Table } from './table.ts';

/** What a program prints, a line a measurement. */
type Line = Readonly<Record<string, number | boolean>>;

/** The lake's jobs by the size of what they work on, on Spark; each of the two programs can also be run alone. */
export const lake: Bench = {
  name: 'lake',
  about: 'jobs of the lake: 12 million edges of identity, and events by their number; takes about half an hour',
  run,
};

const sizes = 4;

async function run({ seed, progress }: BenchOptions): Promise<Found> {
  const steps = sizes + 3;
  let done = 0;
  const measured = () => progress(++done, steps);
  const graph = await measurements('bench/lake-graph.py', ['--growth', '--seed', `${seed}`], measured);
  const events = await measurements('bench/lake-events.py', ['--seed', `${seed}`], measured);
  const wrong = [...graph.filter(({ equal }) => equal !== true), ...events.filter(({ complete }) => complete !== true)];
  if (wrong.length > 0) throw new Error(`the lake's jobs did not do what they must: ${JSON.stringify(wrong)}`);
  return { tables: [graphTable(graph), eventsTable(events)], data: { graph, events } };
}

/** Runs a Python program and gives each line of JSON that it prints. @throws Error with its last words when it fails */
async function measurements(program: string, options: readonly string[], onLine: () => void): Promise<Line[]> {
  const child = spawn('.venv/bin/python', [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const lines: Line[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('{')) continue;
    lines.push(JSON.parse(line) as Line);
    onLine();
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${said.join('').slice(-2000)}`);
  return lines;
}

const figure = (value: number | boolean | undefined, digits = 0): string =>
  value === undefined ? '' : Number(value).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const graphTable = (lines: readonly Line[]): Table => ({
  title: 'identities: components of a random graph of identifiers, seconds',
  columns: ['edges', 'identifiers', 'job', 'scipy', 'Splink on DuckDB', 'µs per edge'],
  rows: lines.map(({ edges, identifiers, job, scipy, splink }) => [
    figure(edges),
    figure(identifiers),
    figure(job, 2),
    figure(scipy, 2),
    figure(splink, 2),
    figure((Number(job) / Number(edges)) * 1e6, 2),
  ]),
  notes: ['The job reads and writes Parquet with the texts of identifiers; scipy has numbers in memory. All have the same components.'],
});

const eventsTable = (lines: readonly Line[]): Table => ({
  title: 'events: raw lines to the table, on two cores',
  columns: ['events', 'seconds', 'events/s', 'µs per event', 'bytes raw', 'bytes stored', 'files', '1 % late, s', 'nothing new, s'],
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
