import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, backoff } from './backoff.ts';

/** Result of a put: every entry is stored, or some are not after the last attempt. */
export type PutOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'throttled' | 'failed'; readonly error: string };

/** An entry that a batch call refused, with the service's error code. */
interface RefusedEntry<Entry> {
  readonly entry: Entry;
  readonly errorCode: string;
}

/** Number of attempts and the waits between them. */
export interface RetryPolicy extends Backoff {
  readonly attempts: number;
}

/** Five attempts wait at most 1.5 s in total, well below an API call's 30 s. */
export const retryPolicy: RetryPolicy = {
  attempts: 5,
  baseMilliseconds: 100,
  capMilliseconds: 1000,
  random: Math.random,
  sleep,
};

/** For entries with an alternative target. */
export const promptPolicy: RetryPolicy = { ...retryPolicy, attempts: 2 };

/**
 * Puts entries and retries refused ones, with exponential backoff and full jitter, until all are stored or the attempts
 * are used up.
 */
export async function retryFailedEntries<Entry>(
  entries: readonly Entry[],
  put: (entries: readonly Entry[]) => Promise<readonly RefusedEntry<Entry>[]>,
  policy: RetryPolicy = retryPolicy,
): Promise<PutOutcome> {
  let left = entries;
  let outcome: PutOutcome = { ok: true };
  for (let attempt = 0; left.length > 0 && attempt < policy.attempts; attempt += 1) {
    if (attempt > 0) await backoff(policy)(attempt);
    const tried = await tryPut(left, put);
    if (!tried.ok) return tried.outcome;
    left = tried.refused.map(({ entry }) => entry);
    outcome = describe(tried.refused.map(({ errorCode }) => errorCode));
  }
  return outcome;
}

type Tried<Entry> =
  | { readonly ok: true; readonly refused: readonly RefusedEntry<Entry>[] }
  | { readonly ok: false; readonly outcome: PutOutcome };

/** The SDK has already retried a call that throws, so it is not retried here. */
async function tryPut<Entry>(
  entries: readonly Entry[],
  put: (entries: readonly Entry[]) => Promise<readonly RefusedEntry<Entry>[]>,
): Promise<Tried<Entry>> {
  try {
    return { ok: true, refused: await put(entries) };
  } catch (error) {
    return { ok: false, outcome: describe([error instanceof Error ? error.name : 'UnknownError']) };
  }
}

/**
 * Pairs entries with a batch call's results, which come in the same order; an entry without a result counts as refused.
 */
export const refusedEntries = <Entry>(
  entries: readonly Entry[],
  results: readonly { readonly ErrorCode?: string | undefined }[] = [],
): RefusedEntry<Entry>[] =>
  entries.flatMap((entry, i) => {
    const errorCode = results[i] === undefined ? 'MissingResult' : results[i].ErrorCode;
    return errorCode === undefined || errorCode === '' ? [] : [{ entry, errorCode }];
  });

const throttles = /Throttl|ThroughputExceeded|LimitExceeded|TooManyRequests|SlowDown|ServiceUnavailable/;

const describe = (codes: readonly string[]): PutOutcome => {
  const [error] = codes;
  if (error === undefined) return { ok: true };
  return { ok: false, reason: codes.every((code) => throttles.test(code)) ? 'throttled' : 'failed', error };
};
