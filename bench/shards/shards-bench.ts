import type { Bench } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { firstLimit } from './first-limit.ts';
import { play } from './play.ts';
import type { Played, Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** Plays 100,000 events a second; nothing is timed, so it says the same on every machine. */
export const shards: Bench = {
  name: 'shards',
  about: 'where 100,000 events a second meet the first limit, with unequal people, splits and throttling',
  run: async ({ seed, progress }) => {
    const rows: Row[] = [];
    for (const [n, scenario] of scenarios.entries()) {
      progress(n, scenarios.length);
      rows.push({ scenario, played: play(scenario, seed) });
    }
    return { tables: [shardTable(rows)], data: { rows } };
  },
};

interface Row {
  readonly scenario: Scenario;
  readonly played: Played;
}

const cells: readonly (readonly [name: string, of: (row: Row) => string])[] = [
  ['100,000 events/s', ({ scenario }) => scenario.name],
  ['shards', ({ scenario }) => String(scenario.shards)],
  ['first limit', ({ played }) => firstLimit(played)],
  ['429 to the busiest sender', ({ played }) => perThousand(played, 'busiest')],
  ['429 to others', ({ played }) => perThousand(played, 'others')],
  ['behind at most, s', ({ played }) => Math.round(played.behindMost).toString()],
  ['behind at the end, s', ({ played }) => Math.round(played.behindAtEnd).toString()],
];

function perThousand({ requests, sentAgain }: Played, who: keyof Played['sentAgain']): string {
  const answers = (sentAgain[who] / requests) * 1000;
  return answers > 0 && answers < 1 ? answers.toPrecision(1) : Math.round(answers).toString();
}

/** Columns and cells as they stand in docs/guides/scale.md. */
export const shardColumns: readonly string[] = cells.map(([name]) => name);
export const shardCells = (row: Row): string[] => cells.map(([, of]) => of(row));

const shardTable = (rows: readonly Row[]): Table => ({
  title: 'Two minutes of 100,000 events a second',
  columns: shardColumns,
  rows: rows.map(shardCells),
  notes: [
    'Answers 429 are per 1,000 requests that clients make: one is asked to send again until its request is taken.',
  ],
});
