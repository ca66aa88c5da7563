import type { AttemptEnd } from '../../lambdas/core/attempts/attempt.ts';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { type Group, millisecondsOf } from './groups.ts';

/** What waits for a destination now. */
export interface Waiting {
  /** As template ids have it: `CrmEu`. */
  readonly destination: string;
  readonly waiting: number;
  /** Seconds; undefined if nothing waits, or CloudWatch does not know yet. */
  readonly oldest: number | undefined;
  readonly deadLetters: number;
}

/** The attempts of one destination, and what waits for it. */
export interface Summary {
  readonly destination: string;
  readonly outcomes: Readonly<Partial<Record<AttemptEnd, number>>>;
  /** Most frequent first. */
  readonly reasons: readonly { readonly outcome: AttemptEnd; readonly reason: string; readonly count: number }[];
  /** Milliseconds that half, 90 and 99 percent of the attempts with a request took at most. */
  readonly latency: { readonly p50: number; readonly p90: number; readonly p99: number } | undefined;
  readonly now: Omit<Waiting, 'destination'> | undefined;
}

/** Sums up attempts by destination, in the order of their ids; also destinations without attempts. */
export function summarize(groups: readonly Group[], waiting: readonly Waiting[]): Summary[] {
  const byDestination = Map.groupBy(groups, ({ destination }) => destination);
  const queues = new Map(waiting.map(({ destination, ...now }) => [destination, now]));
  const seen = new Set([...byDestination.keys()].map(pascalCase));
  const summaries = [...byDestination].map(
    ([destination, own]): Summary => ({
      destination,
      outcomes: totals(own),
      reasons: reasonsIn(own),
      latency: percentiles(own),
      now: queues.get(pascalCase(destination)),
    }),
  );
  const others = [...queues]
    .filter(([name]) => !seen.has(name))
    .map(([destination, now]): Summary => ({ destination, outcomes: {}, reasons: [], latency: undefined, now }));
  return [...summaries, ...others].sort((a, b) => (a.destination < b.destination ? -1 : 1));
}

const itemsOf = (groups: readonly Group[]): number => groups.reduce((sum, { items }) => sum + items, 0);

const totals = (groups: readonly Group[]): Summary['outcomes'] =>
  Object.fromEntries([...Map.groupBy(groups, ({ outcome }) => outcome)].map(([end, own]) => [end, itemsOf(own)]));

const reasonsIn = (groups: readonly Group[]): Summary['reasons'] =>
  [
    ...Map.groupBy(
      groups.filter(({ reason }) => reason !== ''),
      (each) => `${each.outcome} ${each.reason}`,
    ).values(),
  ]
    .flatMap((own) => own.slice(0, 1).map(({ outcome, reason }) => ({ outcome, reason, count: itemsOf(own) })))
    .sort((a, b) => b.count - a.count || (`${a.outcome} ${a.reason}` < `${b.outcome} ${b.reason}` ? -1 : 1));

function percentiles(groups: readonly Group[]): Summary['latency'] {
  const told = groups.flatMap(({ latency, items }) => (latency === undefined ? [] : [{ latency, items }]));
  if (told.length === 0) return undefined;
  const sorted = told.toSorted((a, b) => a.latency - b.latency);
  const all = sorted.reduce((sum, { items }) => sum + items, 0);
  const at = (part: number): number => {
    let left = Math.ceil(all * part);
    const found = sorted.find(({ items }) => {
      left -= items;
      return left <= 0;
    });
    return millisecondsOf(found?.latency ?? 0);
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}
