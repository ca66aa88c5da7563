import { type Breaker, pauseAfter } from './breaker.ts';

/**
 * Milliseconds of the shortest pause for which polling stops. A switch lasts up to a minute, and so does the way to it,
 * each time twice, so polls of a shorter pause would hardly rest. Docs quote it.
 */
export const shortestRest = 8 * 60_000;
/** Milliseconds before its time comes at which a queue is polled again, because a switch lasts. */
const ahead = 60_000;
/**
 * Openings of a breaker in a row, about ten days, after which its queue is polled all the time: what has waited for 13
 * days must be received to become a dead letter, before SQS drops it.
 */
export const mostRests = 960;

/** Whether the queue of a destination is to be polled: not during a long pause of its breaker. */
export function isPolled({ openUntil, openings }: Breaker, now: number): boolean {
  if (openUntil === undefined || openings > mostRests || pauseAfter(openings) < shortestRest) return true;
  return openUntil - now <= ahead;
}

/** When polls of destinations were stopped, or are about to be, in milliseconds since 1970, by the destination's id. */
export type Resting = ReadonlyMap<string, number>;

/**
 * Milliseconds after which no function can be at work any more that was about to stop polls: twice the time of one,
 * and the time of a switch.
 */
const settled = 5 * 60_000;

/** What is to be done about the polls of one destination. */
export type PollStep = 'stop' | 'start' | 'forget' | 'nothing';

/**
 * The next step. A stop is recorded before it happens, and forgotten only when the queue has been polled for so long
 * that nobody can stop it any more. So polls that have stopped are always on record.
 */
export function pollStep(
  { restingSince, isOn }: { readonly restingSince: number | undefined; readonly isOn: boolean },
  breaker: Breaker,
  now: number,
): PollStep {
  if (!isPolled(breaker, now)) return isOn ? 'stop' : 'nothing';
  if (restingSince === undefined) return 'nothing';
  if (!isOn) return 'start';
  return now - restingSince >= settled ? 'forget' : 'nothing';
}
