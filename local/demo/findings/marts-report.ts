import { asTable } from '../../../bin/athena/result-table.ts';
import { textTable } from '../../../bin/terminal/text-table.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import { analyst } from './lake-tables.ts';

const marts = [
  'customer_360',
  'sessions',
  'daily_activity',
  'rfm',
  'revenue',
  'funnels',
  'attribution',
  'segment_membership',
];

/** A marketer's questions, answered from the views for analysts. */
const shown = [
  {
    title: 'Revenue, the last months',
    sql: 'SELECT month, currency, orders, revenue, new_customers FROM revenue_by_month ORDER BY month DESC LIMIT 5',
  },
  { title: 'Who brings it', sql: 'SELECT * FROM customer_value ORDER BY revenue DESC LIMIT 8' },
];

/** Describes the marts in lines: their numbers of rows and a few answers. */
export async function martsReport(outputs: PlatformOutputs): Promise<string[]> {
  const { ask, count, close } = analyst(outputs);
  const [counts, ...answers] = await Promise.all([count(marts), ...shown.map(({ sql }) => ask(sql))]);
  close();
  const rows = marts.map((mart, index) => [mart, (counts[index] ?? 0).toLocaleString('en-US'), 'rows']);
  return [
    'The marts, as analysts find them in Athena:',
    ...textTable(rows, { isFigure: (column) => column === 1 }).map((line) => `  ${line}`),
    ...answers.flatMap((answer, index) => [
      '',
      `${shown[index]?.title}:`,
      ...asTable(answer)
        .split('\n')
        .map((line) => `  ${line}`),
    ]),
  ];
}
