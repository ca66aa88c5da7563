import { type Outcome, outcomeOf } from '../../../core/destinations/outcome.ts';
import { guardedFetch } from '../../egress/guarded-fetch.ts';
import type { Route } from '../../egress/route.ts';
import { onTrip } from '../../egress/trip.ts';

/** The receiver answered, and not with a success. */
class HTTPError extends Error {
  override readonly name = 'HTTPError';
  readonly status: number;
  readonly retryAfter: string | undefined;

  constructor(status: number, retryAfter: string | null) {
    super(`the receiver answered ${status}`);
    this.status = status;
    this.retryAfter = retryAfter ?? undefined;
  }
}

/** A request with a body of JSON. */
export interface Posted {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts JSON through the guarded way out, and returns what became of it. */
export const post = ({ url, body, headers }: Posted, route: Route): Promise<Outcome> =>
  onTrip(route, async (trip) => {
    try {
      const answer = await guardedFetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
      if (!answer.ok) throw new HTTPError(answer.status, answer.headers.get('retry-after'));
      return { kind: 'delivered', requests: trip.requests, status: answer.status };
    } catch (error) {
      return outcomeOf(error, trip.requests);
    }
  });
