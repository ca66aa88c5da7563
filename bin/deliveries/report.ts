import { attemptEnds } from '../../lambdas/core/attempts/attempt.ts';
import { span } from '../status/report.ts';
import { textTable } from '../terminal/text-table.ts';
import type { Summary } from './summary.ts';

/** What the report says besides its tables. */
export interface Told {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number | undefined;
  readonly unread: number;
}

const reasonsShown = 15;

/** The summaries as tables, with the reasons below, and what is not in them. */
export function deliveriesReport(summaries: readonly Summary[], told: Told): string {
  const since = new Date(told.since).toISOString();
  const rows = summaries.map(row);
  const ends = attemptEnds.filter((end) => summaries.some(({ outcomes }) => outcomes[end] !== undefined));
  const head = ['destination', ...ends, 'p50 ms', 'p90 ms', 'p99 ms', 'waiting', 'oldest', 'dead letters'];
  const table = textTable([head, ...rows.map((cells) => cells(ends))], { isFigure: (column) => column > 0, rule: '-' });
  const isEmpty = ends.length === 0;
  return [
    ...(isEmpty ? [`No attempts since ${since}.`] : []),
    ...(summaries.length === 0 ? ['The deployment has no destination.'] : table),
    ...reasons(summaries),
    ...summaries.flatMap(silence),
    ...notes(told),
  ].join('\n');
}

const row =
  ({ destination, outcomes, latency, now }: Summary) =>
  (ends: readonly (typeof attemptEnds)[number][]): string[] => [
    destination,
    ...ends.map((end) => figure(outcomes[end] ?? 0)),
    ...[latency?.p50, latency?.p90, latency?.p99].map((milliseconds) => figure(milliseconds)),
    figure(now?.waiting),
    now?.oldest === undefined ? '' : span(now.oldest * 1_000),
    figure(now?.deadLetters),
  ];

const figure = (count: number | undefined): string => (count === undefined ? '' : count.toLocaleString('en-US'));

function reasons(summaries: readonly Summary[]): string[] {
  const all = summaries
    .flatMap(({ destination, reasons: own }) => own.map((each) => ({ destination, ...each })))
    .sort((a, b) => b.count - a.count);
  if (all.length === 0) return [];
  const rows = all
    .slice(0, reasonsShown)
    .map(({ destination, outcome, reason, count }) => [destination, outcome, reason, figure(count)]);
  const head = ['destination', 'outcome', 'why', 'attempts'];
  const rest =
    all.length > reasonsShown ? [`and ${all.length - reasonsShown} more; --destination shows those of one`] : [];
  return ['', ...textTable([head, ...rows], { isFigure: (column) => column === 3, rule: '-' }), ...rest];
}

/** Destinations that were told nothing although something came. */
function silence({ destination, outcomes, reasons: [first] }: Summary): string[] {
  const others = Object.entries(outcomes).filter(([end]) => end !== 'delivered');
  if (outcomes.delivered !== undefined || others.length === 0 || first === undefined) return [];
  return ['', `Nothing was delivered to ${destination}: mostly ${first.outcome}, ${first.reason}.`];
}

const notes = ({ until, unread }: Told): string[] => [
  '',
  until === undefined
    ? 'The table has no rows of that time; everything is from objects that the next run of the job marts reads.'
    : `The table has rows until ${new Date(until).toISOString()}; newer ones are from objects that the job marts reads next.`,
  ...(unread > 0 ? [`${unread} of these objects are not read. Run npm run job -- marts for exact counts.`] : []),
];
