import { createWaiter, WaiterState } from '@smithy/core/client';

/** How a wait goes on: the pauses between two questions grow from the shortest to the longest, in seconds. */
interface Pace {
  readonly minDelay: number;
  readonly maxDelay: number;
  /** Seconds until the wait ends without an answer. @default no limit: AWS ends each operation some time */
  readonly maxWaitTime?: number;
  readonly abortSignal?: AbortSignal;
}

/** Asks until there is an answer; undefined when time is over or the signal aborts. */
export async function untilFound<Found>(ask: () => Promise<Found | undefined>, pace: Pace): Promise<Found | undefined> {
  const options = { client: undefined, maxWaitTime: Number.POSITIVE_INFINITY, ...pace };
  let found: Found | undefined;
  await createWaiter(options, undefined, async () => {
    found = await ask();
    return { state: found === undefined ? WaiterState.RETRY : WaiterState.SUCCESS };
  });
  return found;
}
