import type { AttemptEnd } from '../../core/attempts/attempt.ts';
import { type FailedTry, nextTry } from '../../core/destinations/next-try.ts';
import type { NotDelivered } from '../../core/destinations/outcome.ts';

/** Seconds until the next try; undefined if there is none, because of the outcome or of the time. */
export function secondsToNext(
  outcome: NotDelivered,
  tried: Omit<FailedTry, 'retryAfter'>,
  chance: number,
): number | undefined {
  if (outcome.kind === 'refused') return undefined;
  if (outcome.kind === 'unauthorized') return nextTry(tried, chance);
  if (tried.tries >= (outcome.mostTries ?? Number.POSITIVE_INFINITY)) return undefined;
  return nextTry({ ...tried, retryAfter: outcome.after }, chance);
}

/** How an attempt ended that did not deliver, by whether another one follows. */
export function endOf({ kind }: Pick<NotDelivered, 'kind'>, isGivenUp: boolean): AttemptEnd {
  if (!isGivenUp) return 'retried';
  return kind === 'refused' ? 'refused' : 'dead';
}
