import type { DecisionAccount, SegmentEffect } from '../../lambdas/operations/decision-account.ts';
import { textTable } from '../terminal/text-table.ts';
import { judged, type Sample, whole } from './sample.ts';

/** Entries from which on somebody has to confirm: this many, or this share of all people. */
export const confirmFrom = { entries: 10_000, share: 0.2 } as const;

/** Whether so many entries are to be confirmed. */
export function isLarge({ segments, people, accounts }: DecisionAccount): boolean {
  return [...segments.values()].some(
    ({ entered, of }) =>
      entered > confirmFrom.entries ||
      (entered >= 10 && entered > confirmFrom.share * (of === 'accounts' ? accounts : people)),
  );
}

/** What will be written and sent: profiles, and messages to destinations. */
export function costText(account: DecisionAccount, sample: Sample, tellers: ReadonlyMap<string, number>): string {
  const writes = judged(account.outdated, sample).value;
  const deliveries = [...account.segments].reduce(
    (sum, [key, { entered, exited }]) => sum + (entered + exited) * (tellers.get(key) ?? 0),
    0,
  );
  const dollars = (writes * kilobytes * writeUnit).toFixed(2);
  return (
    `It writes ${writes} profiles (about $${dollars} in us-east-1, at ${kilobytes} KB each) ` +
    `and sends ${judged(deliveries, sample).value} messages to destinations.`
  );
}

/** What an average profile takes, and the price of writing a kilobyte on demand (AWS, us-east-1). */
const kilobytes = 2;
const writeUnit = 0.625 / 1_000_000;

/** The effect on each segment as a table. */
export function effectReport(account: DecisionAccount, sample: Sample = whole, only?: string): string {
  const { share } = sample;
  const shown = [...account.segments].filter(([key]) => only === undefined || key === only);
  const text = (found: number): string => {
    const { value, low, high } = judged(found, sample);
    return low === high ? `${value}` : `${value} (${low} to ${high})`;
  };
  const ofAll = ({ members, of }: SegmentEffect): string => {
    const all = of === 'accounts' ? account.accounts : account.people;
    return all === 0 ? '' : `${((members / all) * 100).toFixed(1)} %`;
  };
  const rows = shown.map(([key, effect]) => [
    key,
    text(effect.members),
    ofAll(effect),
    text(effect.entered),
    text(effect.exited),
  ]);
  const head = ['segment', 'members', 'of all', 'enter', 'exit'];
  const accounts = account.accounts === 0 ? '' : ` and ${text(account.accounts)} accounts`;
  const examples = only === undefined ? [] : (account.segments.get(only)?.examples ?? []);
  return [
    `${text(account.people)} people${accounts}, ${text(account.outdated)} of them decided by other definitions.`,
    ...(share < 1 ? [`Judged by ${(share * 100).toFixed(0)} % of the table, with 95 % confidence.`] : []),
    ...(account.failed > 0 ? [`${account.failed} profiles cannot be read, decided or written.`] : []),
    '',
    ...textTable([head, ...rows], { isFigure: (column) => column > 0, rule: '-' }),
    ...(examples.length > 0 ? ['', 'Some who enter:', ...examples.map((id) => `  ${id}`)] : []),
  ].join('\n');
}
