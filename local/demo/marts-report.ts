import { asTable } from '../../bin/answer-format.ts';
import type { PlatformOutputs } from '../platform.ts';
import { analyst } from './lake-tables.ts';

const marts = ['customer_360', 'sessions', 'daily_activity', 'rfm', 'revenue', 'funnels', 'attribution', 'segment_membership'];

/** A few of the questions that a marketer asks, as views that analysts have. */
const shown = [
  {
    title: 'Revenue, the last months',
    sql: 'SELECT month, currency, orders, revenue, new_customers FROM revenue_by_month ORDER BY month DESC LIMIT 5',
  },
  { title: 'Who brings it', sql: 'SELECT * FROM customer_value ORDER BY revenue DESC LIMIT 8' },
];

/** What the marts hold, as lines: how many rows each, and answers from them. */
export async function martsReport(outputs: PlatformOutputs): Promise<string[]> {
  const { ask, close } = analyst(outputs);
  const counts = await ask(marts.map((mart) => `SELECT '${mart}' AS mart, count(*) AS n FROM ${mart}`).join(' UNION ALL '));
  const rowsOf = new Map(counts.rows.map(([mart, n]) => [mart, Number(n).toLocaleString('en-US')]));
  const lines = [
    'The marts, as analysts find them in Athena:',
    ...marts.map((mart) => `  ${mart.padEnd(20)}${(rowsOf.get(mart) ?? '0').padStart(9)} rows`),
  ];
  for (const { title, sql } of shown) {
    const answer = asTable(await ask(sql));
    lines.push('', `${title}:`, ...answer.split('\n').map((line) => `  ${line}`));
  }
  close();
  return lines;
}
