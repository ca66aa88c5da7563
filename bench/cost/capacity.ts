import type { Bill } from '../metering/meter.ts';
import type { Costed } from '../metering/metered-platform.ts';
import { prices } from '../metering/prices.ts';
import type { Table } from '../report/table.ts';

const secondsPerHour = 3600;

/** Dollars of DynamoDB per million events where capacity is paid by the hour and this share of it is used. */
export const byTheHour = (bill: Bill, use: number): number =>
  (bill.units('dynamoWrite') * prices.dynamoWriteHour.dollars +
    bill.units('dynamoRead') * prices.dynamoReadHour.dollars) /
  secondsPerHour /
  use;

/** Dollars of DynamoDB per million events where every unit is paid by itself. */
export const byRequest = (bill: Bill): number => bill.dollars('dynamoWrite', 'dynamoRead');

/** Share of the capacity that must be used for capacity by the hour to cost what requests cost. */
export const breakEven = (bill: Bill): number => byTheHour(bill, 1) / byRequest(bill);

const uses = [0.9, 0.7, 0.5, 0.3] as const;

/** What capacity by the hour costs beside requests, by how well it is used. */
export const capacityTable = (curve: readonly (Costed & { readonly f: number })[]): Table => ({
  title: 'DynamoDB, dollars per million events, by request and by the hour',
  columns: ['traffic', 'by request', ...uses.map((use) => `${use * 100} % used`), 'the same at'],
  rows: curve.map(({ f, bill }) => [
    `f = ${f}`,
    byRequest(bill).toFixed(3),
    ...uses.map((use) => byTheHour(bill, use).toFixed(3)),
    `${(breakEven(bill) * 100).toFixed(0)} % used`,
  ]),
  notes: [
    'Used: units asked for, of the units that are provisioned over the whole day. Automatic scaling aims at 70 % and follows in minutes.',
  ],
});
