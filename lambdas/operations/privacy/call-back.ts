import pMap from 'p-map';
import type { RequestItems } from '../../adapters/dynamodb/request-items.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../../adapters/streams/backoff.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import type { Status } from '../../core/privacy/callback.ts';
import { afterFailed, afterTold, callBody, lostCalls, openCalls, turnOf } from '../../core/privacy/calling-back.ts';
import type { StoredRequest } from '../../core/privacy/request.ts';
import { ascending } from '../../core/values/order.ts';
import type { FailedRun } from './open-requests.ts';
import { storedRequests } from './stored-requests.ts';

/** What became of a call; a failure without an answer is of the receiver, and not of this call. */
export type CallOutcome =
  | { readonly kind: 'told' }
  | { readonly kind: 'failed'; readonly reason: string; readonly isAnswered: boolean };

type Post = (url: string, body: string) => Promise<CallOutcome>;

/** What calling back needs. */
export interface CallBackDeps {
  readonly requests: RequestItems;
  /**
   * Posts a body of JSON to an address of a receiver. Never throws because of the receiver. Undefined if the platform
   * has no domain to call as.
   */
  readonly post: Post | undefined;
  readonly pause: WaitBeforeAttempt;
  /** ISO 8601. */
  readonly now: () => string;
}

/** What calling back came to. */
export interface CalledBack {
  readonly told: number;
  /** Why calls failed, or were not made because another to their receiver failed, that are tried again; each time. */
  readonly failing: readonly string[];
  /** Statuses that nobody will be told, because all tries failed. */
  readonly gaveUp: readonly { readonly requestId: string; readonly status: Status; readonly reason: string }[];
  /** Requests that could not be read, in which nothing could be noted, or whose calls nobody can make. */
  readonly failed: readonly FailedRun[];
}

/** Somebody removed the setting since requests with addresses were filed. */
class NoOpenDsrDomain extends Error {
  override readonly name = 'NoOpenDsrDomain';
}

/** An address of a request. */
interface Open {
  readonly requestId: string;
  readonly url: string;
}

/** Receivers that are called at the same time. */
const receivers = 10;

/**
 * Calls every address that was not told all statuses of its request, and begins with none after a time. What was told
 * is noted after each call, so whoever dies tells it once more and loses nothing. A receiver that gives no answer is
 * not asked again in this run, and nothing is noted of what it was not told because of that.
 */
export function callingBack(deps: CallBackDeps) {
  const { requests, now } = deps;

  async function tellOne({ requestId, url }: Open, { receiver, post, news }: Telling): Promise<void> {
    if (receiver.down !== undefined) {
      news.failing.push(receiver.down.reason);
      return;
    }
    for (let request = (await storedRequests(requests).find(requestId)).request; ; ) {
      const call = openCalls(request).find((each) => each.url === url);
      if (call === undefined) return;
      const outcome = await post(url, callBody(request, call));
      if (outcome.kind === 'told') {
        request = (await note(requestId, (stored) => afterTold(stored, call), deps)).noted;
        news.told += 1;
        continue;
      }
      if (!outcome.isAnswered) receiver.down = outcome;
      const { reason } = outcome;
      const { was, noted } = await note(requestId, (stored) => afterFailed(stored, call, { reason, now: now() }), deps);
      // By what this call changed: an address that was told everything is its host alone, as others of it are.
      if (lostCalls(noted) > lostCalls(was)) news.gaveUp.push({ requestId, status: call.status, reason });
      else news.failing.push(reason);
      return;
    }
  }

  return async (until?: string): Promise<CalledBack> => {
    const news: News = { told: 0, failing: [], gaveUp: [], failed: [] };
    const open = openIn(await storedRequests(requests).all(), now());
    const { post } = deps;
    // Nothing is noted, so that no status runs out of tries before somebody sets it again.
    if (post === undefined) {
      const uncalled = new Set(open.map(({ requestId }) => requestId));
      return { ...news, failed: [...uncalled].map((requestId) => ({ requestId, error: new NoOpenDsrDomain() })) };
    }
    const byReceiver = Map.groupBy(open, ({ url }) => new URL(url).origin);
    const tellReceiver = async (open: readonly Open[]) => {
      const receiver: Receiver = {};
      for (const one of open) {
        if (until !== undefined && now() >= until) return;
        await tellOne(one, { receiver, post, news }).catch((error) =>
          news.failed.push({ requestId: one.requestId, error }),
        );
      }
    };
    await pMap(byReceiver.values(), tellReceiver, { concurrency: receivers });
    return news;
  };
}

/** What a run of calls came to so far. */
type News = {
  -readonly [Key in keyof CalledBack]: CalledBack[Key] extends readonly (infer One)[] ? One[] : CalledBack[Key];
};

/** A receiver, and the outcome of the call that it gave no answer to. */
interface Receiver {
  down?: Exclude<CallOutcome, { kind: 'told' }>;
}

/** What telling one address needs. */
interface Telling {
  readonly receiver: Receiver;
  readonly post: Post;
  readonly news: News;
}

/** The addresses to call, in the order in which a receiver is to be told. */
const openIn = (requests: readonly StoredRequest[], at: string): Open[] =>
  requests
    .flatMap((request) =>
      openCalls(request).map((call) => ({ requestId: request.requestId, url: call.url, turn: turnOf(call, at) })),
    )
    .toSorted((one, other) => ascending(one.turn, other.turn));

/** Notes what became of a call in the request as it is now, whoever wrote to it meanwhile. */
async function note(
  requestId: string,
  change: (request: StoredRequest) => StoredRequest,
  { requests, pause }: CallBackDeps,
): Promise<{ was: StoredRequest; noted: StoredRequest }> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const { request: was, version } = await storedRequests(requests).find(requestId);
    const noted = change(was);
    if (await requests.put({ request: noted, version })) return { was, noted };
    await pause(attempt);
  }
  throw new OperatorRefused('contended', 'somebody wrote to this request at every attempt');
}
