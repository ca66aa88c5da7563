import { longestAsked } from '../contract/signals.ts';

/** Hours for which a delivery is retried after its first try, unless its destination has others. Docs quote them. */
export const hoursOfTries = 4;
/** The most hours that a destination may have. */
export const mostHoursOfTries = 288;
/** Days after which the next failure ends a delivery, even after few tries: its queue drops it one day later. */
export const daysInQueue = 13;

const second = 1_000;
const hour = 3_600 * second;
/** Seconds: the first wait, and the longest after doubling. */
const waits = { first: 2, longest: 900 };
/** Of the hours of tries, the part that one wait may last: so few tries are many enough for a queue to count. */
const partOfWait = 100;

/** A delivery that failed: times in milliseconds since 1970, and how often its queue has delivered it. */
export interface FailedTry {
  readonly queued: number;
  readonly firstTried: number;
  readonly tries: number;
  readonly now: number;
  /** The destination's `Retry-After` header. */
  readonly retryAfter?: string | undefined;
  /** Hours for which its destination has it retried. */
  readonly hours?: number | undefined;
}

/** Seconds until the next try of a delivery; undefined when it fails for good. */
export function nextTry(
  { queued, firstTried, tries, now, retryAfter, hours = hoursOfTries }: FailedTry,
  chance: number,
): number | undefined {
  if (now - firstTried >= hours * hour || now - queued >= daysInQueue * 24 * hour) return undefined;
  const longest = Math.max(waits.longest, (hours * hour) / second / partOfWait);
  // The whole wait is random, so deliveries that failed together return apart.
  const wait = Math.min(longest, waits.first * 2 ** (tries - 1)) * chance;
  return Math.ceil(Math.max(1, wait, Math.min(longestAsked, secondsAsked(retryAfter, now))));
}

/**
 * Seconds of hiding a message that may not be delivered now. They grow with its receives, because its queue gives up
 * after 1,000 of them, and a long line at a slow rate would have more before its turn.
 */
export const secondsHeld = (seconds: number, receives: number): number =>
  Math.max(seconds, Math.min(longestAsked, Math.floor(receives ** 2 / 100)));

/** `Retry-After` is a number of seconds or a date: RFC 9110, 10.2.3. */
function secondsAsked(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  if (/^\s*\d+\s*$/.test(retryAfter)) return Number(retryAfter);
  const until = /GMT/.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(until) ? 0 : Math.max(0, (until - now) / second);
}
