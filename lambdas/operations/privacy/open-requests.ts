import type { StoredRequest } from '../../core/privacy/request.ts';
import { canGoOn, type EndsBy } from '../../core/privacy/waiting-stores.ts';

/** A request that could not go on, and why. */
export interface FailedRun {
  readonly requestId: string;
  readonly error: unknown;
}

/** The requests that were taken further, and those that could not be. */
export interface Runs {
  readonly done: readonly StoredRequest[];
  readonly failed: readonly FailedRun[];
  /** Why the proof of the lake's eraser cannot be read; undefined if it can, or there is none yet. */
  readonly lakeProblem?: string;
}

interface Officer {
  readonly list: () => Promise<readonly StoredRequest[]>;
  readonly run: (requestId: string) => Promise<StoredRequest>;
  readonly endsBy: () => Promise<EndsBy>;
}

/** Goes on with every request that can, the oldest first, while there is time. One that fails holds up no other. */
export async function runOpenRequests(
  { list, run, endsBy }: Officer,
  now: () => string,
  until?: string,
): Promise<Runs> {
  const done: StoredRequest[] = [];
  const failed: FailedRun[] = [];
  const ends = await endsBy();
  for (const request of await list()) {
    if (until !== undefined && now() >= until) break;
    if (!canGoOn(request, now(), ends)) continue;
    try {
      done.push(await run(request.requestId));
    } catch (error) {
      failed.push({ requestId: request.requestId, error });
    }
  }
  const lakeProblem = ends.lake.problem;
  return { done, failed, ...(lakeProblem !== undefined && { lakeProblem }) };
}
