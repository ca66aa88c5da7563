import type { AttemptEnd } from '../../core/attempts/attempt.ts';
import type { Item } from '../../core/destinations/destination.ts';
import type { Outcome } from '../../core/destinations/outcome.ts';
import { endOf, secondsToNext } from './next.ts';

/** One try of a parcel: how many it is, and when its events were queued and tried first. */
export interface ParcelTry {
  readonly tries: number;
  readonly queued: number;
  readonly firstTried: number;
  /** Whether an operator sent it again. */
  readonly redriven?: true | undefined;
}

/** What a try found out. Items have their JSON; those without an outcome were not tried. */
interface Findings {
  readonly items: ReadonlyMap<Item, string>;
  readonly outcomes: ReadonlyMap<Item, Outcome>;
  readonly unreadable: readonly string[];
}

/** What is left of a parcel after a try; events are JSON. */
export interface Aftermath {
  /** Events that are not tried again, by the reason. */
  readonly dead: ReadonlyMap<string, readonly string[]>;
  /** Events that are tried again after `wait` seconds, and why. */
  readonly again: readonly string[];
  readonly wait: number;
  readonly reasons: readonly string[];
  readonly untried: readonly string[];
  /** How the try of each item ended. */
  readonly ends: ReadonlyMap<Item, AttemptEnd>;
}

/** Decides what becomes of the events of a parcel. They wait together for the longest of their waits. */
export function aftermathOf(
  { items, outcomes, unreadable }: Findings,
  tried: ParcelTry & { readonly now: number; readonly hours?: number | undefined },
  chance: number,
): Aftermath {
  const dead = new Map<string, string[]>(unreadable.length > 0 ? [['not an event', [...unreadable]]] : []);
  const again: { json: string; reason: string; seconds: number }[] = [];
  const untried: string[] = [];
  const ends = new Map<Item, AttemptEnd>();
  for (const [item, json] of items) {
    const outcome = outcomes.get(item);
    if (outcome === undefined) untried.push(json);
    if (outcome === undefined || outcome.kind === 'delivered' || outcome.kind === 'filtered') {
      ends.set(item, outcome?.kind ?? 'untried');
      continue;
    }
    const seconds = secondsToNext(outcome, tried, chance);
    ends.set(item, endOf(outcome, seconds === undefined));
    if (seconds === undefined) dead.set(outcome.reason, [...(dead.get(outcome.reason) ?? []), json]);
    else again.push({ json, reason: outcome.reason, seconds });
  }
  return {
    dead,
    again: again.map(({ json }) => json),
    wait: Math.max(0, ...again.map(({ seconds }) => seconds)),
    reasons: [...new Set(again.map(({ reason }) => reason))],
    untried,
    ends,
  };
}
