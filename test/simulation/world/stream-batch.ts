import type { StreamRecord } from './stream.ts';

/** Records that are delivered together; `failures` counts the deliveries in a row whose first record was not done. */
export interface Batch<Data> {
  readonly records: readonly StreamRecord<Data>[];
  readonly failures: number;
}

/** What a delivery came to: the function's answer, or that it threw, ran out of time or died. */
export type Delivery = { readonly error: true } | { readonly error: false; readonly failures: readonly string[] };

/** What to deliver again, in this order, and what is given up. */
interface Verdict<Data> {
  readonly again: readonly Batch<Data>[];
  readonly givenUp: readonly StreamRecord<Data>[];
}

/** How an event source mapping treats failures. */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly bisects: boolean;
}

/**
 * The checkpoint moves to the lowest failure that is reported; from there on everything is delivered again, done or
 * not. An error fails the whole.
 */
export function verdictOn<Data>(batch: Batch<Data>, delivery: Delivery, policy: RetryPolicy): Verdict<Data> {
  if (delivery.error) return afterError(batch, policy);
  if (delivery.failures.length === 0) return { again: [], givenUp: [] };
  const places = delivery.failures.map((failure) =>
    batch.records.findIndex(({ sequenceNumber }) => sequenceNumber === failure),
  );
  const done = Math.min(...places);
  if (done < 0) return afterError(batch, policy);
  return retry({ records: batch.records.slice(done), failures: done > 0 ? 1 : batch.failures + 1 }, policy);
}

/** Splitting does not use up the retries. */
function afterError<Data>({ records, failures }: Batch<Data>, policy: RetryPolicy): Verdict<Data> {
  if (!policy.bisects || records.length < 2) return retry({ records, failures: failures + 1 }, policy);
  const middle = Math.floor(records.length / 2);
  return {
    again: [records.slice(0, middle), records.slice(middle)].map((half) => ({ records: half, failures: 0 })),
    givenUp: [],
  };
}

const retry = <Data>(batch: Batch<Data>, { maxRetries }: RetryPolicy): Verdict<Data> =>
  batch.failures > maxRetries ? { again: [], givenUp: batch.records } : { again: [batch], givenUp: [] };
