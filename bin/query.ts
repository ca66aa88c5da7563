import { readFile } from 'node:fs/promises';
import { asCsv, asJson, asTable, bytes } from './athena/result-table.ts';
import { type QueryResult, runQuery } from './athena/run-query.ts';
import { savedQueries, savedQuery } from './athena/saved-queries.ts';
import type { Deployment } from './deployment/deployed-stack.ts';
import { type QueryPlace, queryPlace } from './deployment/query-place.ts';
import { Misused, runCommand } from './terminal/command.ts';
import { stateLine } from './terminal/state-line.ts';
import { textTable } from './terminal/text-table.ts';

const usage = `npm run query -- "<sql>" [--csv | --json] [--limit 1000] [--stack Cdp] [--local]   runs SQL in Athena and prints a table
npm run query -- --file question.sql                                              runs the SQL of a file
npm run query -- --named <name>                                                   runs a saved query of the workgroup
npm run query -- --list                                                           lists the saved queries

  --csv    prints the result as CSV, e.g. for a spreadsheet
  --json   prints the result as JSON, one object a row
  --limit  rows to print; all of them are in S3
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  file: { type: 'string' },
  named: { type: 'string' },
  list: { type: 'boolean', default: false },
  csv: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  limit: { type: 'string', default: '1000' },
} as const;

interface Wish extends Deployment {
  readonly sql: string | undefined;
  readonly file: string | undefined;
  readonly named: string | undefined;
  readonly list: boolean;
  readonly csv: boolean;
  readonly json: boolean;
  readonly limit: number;
}

await runCommand(
  usage,
  options,
  async ({ values: { file, named, limit: most, ...values }, positionals: [sql, ...more] }) => {
    const asked = [sql, ...more, file, named, values.list || undefined].filter((wish) => wish !== undefined);
    if (asked.length === 0) throw new Misused('give a query: "<sql>", --file, --named or --list');
    if (asked.length > 1) throw new Misused('takes one query, and got more; put the SQL in quotes');
    if (!/^[1-9]\d{0,8}$/.test(most))
      throw new Misused(`--limit is "${most}", and must be a whole number of rows from 1 on`);
    if (values.csv && values.json) throw new Misused('prints --csv or --json, not both');
    return answer({ ...values, sql, file, named, limit: Number(most) });
  },
);

async function answer({ list, csv, json, limit, ...wish }: Wish): Promise<string> {
  const place = await queryPlace(wish);
  if (list) return listOf(place);
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const query = { ...place, sql: await textOf(wish, place), limit };
  const found = await runQuery(place.athena, query, stateLine('query'), stopped.signal);
  console.error(summary(found, limit));
  if (csv) return asCsv(found);
  return json ? asJson(found) : asTable(found);
}

async function textOf(
  { sql, file, named = '' }: Pick<Wish, 'sql' | 'file' | 'named'>,
  { athena, workGroup }: QueryPlace,
): Promise<string> {
  return sql ?? (file === undefined ? savedQuery(athena, workGroup, named) : readFile(file, 'utf8'));
}

async function listOf({ athena, workGroup }: QueryPlace): Promise<string> {
  const saved = await savedQueries(athena, workGroup);
  return textTable(saved.map(({ Name = '', Description = '' }) => [Name, Description])).join('\n');
}

function summary({ rows, more, location, scannedBytes, milliseconds }: QueryResult, limit: number): string {
  const cost = `${(milliseconds / 1000).toFixed(1)} s, ${bytes(scannedBytes)} scanned`;
  if (more) return `the first ${limit} rows, ${cost}; all of them are in ${location}, or raise --limit`;
  return `${rows.length === 0 ? 'no rows' : `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`}, ${cost}`;
}
