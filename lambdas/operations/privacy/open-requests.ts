import type { Retention } from '../../core/contract/retention.ts';
import type { StoredRequest } from '../../core/privacy/request.ts';
import { canGoOn } from '../../core/privacy/waiting-stores.ts';

/** A request that could not go on, and why. */
export interface FailedRun {
  readonly requestId: string;
  readonly error: unknown;
}

/** The requests that were taken further, and those that could not be. */
export interface Runs {
  readonly done: readonly StoredRequest[];
  readonly failed: readonly FailedRun[];
}

interface Officer {
  readonly list: () => Promise<readonly StoredRequest[]>;
  readonly run: (requestId: string) => Promise<StoredRequest>;
  readonly retention: Retention;
}

/** Goes on with every request that can, the oldest first, while there is time. One that fails holds up no other. */
export async function runOpenRequests(
  { list, run, retention }: Officer,
  now: () => string,
  until?: string,
): Promise<Runs> {
  const done: StoredRequest[] = [];
  const failed: FailedRun[] = [];
  for (const request of await list()) {
    if (until !== undefined && now() >= until) break;
    if (!canGoOn(request, now(), retention)) continue;
    try {
      done.push(await run(request.requestId));
    } catch (error) {
      failed.push({ requestId: request.requestId, error });
    }
  }
  return { done, failed };
}
