import type { DecisionAccount, SegmentEffect } from '../../lambdas/operations/decision-account.ts';
import { textTable } from '../terminal/text-table.ts';

/** Parts of the table, about equal, that are read one after another; a sample is some of them. */
export const allParts = 64;

/** Parts to read: as many percent of the table, drawn by chance, or all of it. */
export function partsOf(percent: number, random: () => number = Math.random): { part: number; parts: number }[] {
  const parts = Array.from({ length: allParts }, (_, part) => ({ part, parts: allParts, place: random() }));
  const wanted = Math.max(1, Math.ceil((allParts * percent) / 100));
  const drawn = wanted < allParts ? parts.sort((a, b) => a.place - b.place).slice(0, wanted) : parts;
  return drawn.map(({ part }) => ({ part, parts: allParts }));
}

/** A number of the whole table, judged by a part of it, and its interval of 95 % confidence. */
export interface Judged {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Judges the whole by a sample: `share` of the table has `found`. The interval is that of a Poisson count, by its
 * square root, which is right to a percent or so from ten on and too wide below.
 */
export function judged(found: number, share: number): Judged {
  if (share >= 1) return { value: found, low: found, high: found };
  const wide = 1.96 * Math.sqrt(found + 1);
  return {
    value: Math.round(found / share),
    low: Math.max(0, Math.floor((found + 1 - wide) / share)),
    high: Math.ceil((found + 2 + wide) / share),
  };
}

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
export function costText(account: DecisionAccount, share: number, tellers: ReadonlyMap<string, number>): string {
  const writes = judged(account.outdated, share).value;
  const deliveries = [...account.segments].reduce(
    (sum, [key, { entered, exited }]) => sum + (entered + exited) * (tellers.get(key) ?? 0),
    0,
  );
  const dollars = (writes * kilobytes * writeUnit).toFixed(2);
  return (
    `It writes ${writes} profiles (about $${dollars} in us-east-1, at ${kilobytes} KB each) ` +
    `and sends ${judged(deliveries, share).value} messages to destinations.`
  );
}

/** What an average profile takes, and the price of writing a kilobyte on demand (AWS, us-east-1). */
const kilobytes = 2;
const writeUnit = 0.625 / 1_000_000;

/** The effect on each segment as a table. */
export function effectReport(account: DecisionAccount, share: number, only?: string): string {
  const shown = [...account.segments].filter(([key]) => only === undefined || key === only);
  const text = (found: number): string => {
    const { value, low, high } = judged(found, share);
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
