import { longestAsked } from '../contract/signals.ts';

/** Hours for which a delivery is tried again, from its first try on. The topmost sentence of what operators are told of retries. */
export const hoursOfTries = 4;
/** Days after which a delivery is given up at its next failure, however few its tries: its queue forgets it a day later. */
export const daysInQueue = 13;

const second = 1_000;
const hour = 3_600 * second;
/** Seconds: the first wait, and what waits double to. */
const waits = { first: 2, longest: 900 };
/** A delivery that failed: milliseconds since 1970, and how often its queue has given it out. */
export interface FailedTry {
  readonly queued: number;
  readonly firstTried: number;
  readonly tries: number;
  readonly now: number;
  /** What the destination said in `Retry-After`. */
  readonly retryAfter?: string | undefined;
}

/** Seconds until a delivery is tried again; undefined when it is to be given up. */
export function nextTry({ queued, firstTried, tries, now, retryAfter }: FailedTry, chance: number): number | undefined {
  if (now - firstTried >= hoursOfTries * hour || now - queued >= daysInQueue * 24 * hour) return undefined;
  // Half of it is left to chance, so that those that failed together do not come back together, and none comes back at once.
  const wait = Math.min(waits.longest, waits.first * 2 ** (tries - 1)) * (0.5 + chance / 2);
  return Math.ceil(Math.max(wait, Math.min(longestAsked, secondsAsked(retryAfter, now))));
}

/** `Retry-After` is a number of seconds or a date: RFC 9110, 10.2.3. */
function secondsAsked(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  if (/^\s*\d+\s*$/.test(retryAfter)) return Number(retryAfter);
  const until = /GMT/.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(until) ? 0 : Math.max(0, (until - now) / second);
}
