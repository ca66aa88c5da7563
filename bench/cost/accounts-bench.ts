import { companyShares, perCompany } from '../events/companies.ts';
import { assumedSeconds, assumptions } from '../metering/assumptions.ts';
import type { Costed } from '../metering/metered-platform.ts';
import { prices } from '../metering/prices.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { accountsCostOf, type Use, uses } from './accounts.ts';
import { usualTraffic } from './cost.ts';

/** What accounts cost. */
export const accounts: Bench = {
  name: 'accounts',
  about: 'dollars per million events of people who work for companies, by how far segments ask for these',
  run,
};

const folds = [1, 20] as const;

type Row = Costed & { readonly f: number; readonly use: Use };

async function run({ seed, progress }: BenchOptions): Promise<Found> {
  const rows: Row[] = [];
  for (const f of folds)
    for (const use of uses) {
      progress(rows.length, folds.length * uses.length);
      rows.push({ f, use, ...(await accountsCostOf(use, { fold: f, seed, events: 20_000, seconds: assumedSeconds })) });
    }
  const traffic = { ...usualTraffic, perCompany, companyShares };
  return { tables: [costTable(rows)], data: { prices, assumptions, traffic, rows } };
}

const costTable = (rows: readonly Row[]): Table => ({
  title: 'Dollars per million events, us-east-1, variable cost',
  columns: ['traffic', 'total $', 'reads per event', 'writes per event', 'changes of accounts', 'people told of each'],
  rows: rows.map(({ f, use, bill, accountChanges, toldByChange }) => [
    `f = ${f}, ${use}`,
    bill.dollars().toFixed(3),
    (bill.units('dynamoRead') * 1e-6).toFixed(2),
    (bill.units('dynamoWrite') * 1e-6).toFixed(2),
    Math.round(accountChanges).toLocaleString('en-US'),
    toldByChange.toFixed(1),
  ]),
  notes: [
    'Ten people work for a company, and one of them for another one, too. Half of their events name it, 2 % are group',
    'calls, and one in a thousand changes its plan. Reads and writes are units of DynamoDB. Changes are per million',
    'events, and are those that a segment of people reads.',
  ],
});
