import type { Destination } from '../../../core/destinations/destination.ts';
import type { Egress } from '../../../core/destinations/egress.ts';
import { type Outcome, outcomeOf } from '../../../core/destinations/outcome.ts';
import { guardedFetch } from '../../egress/guarded-fetch.ts';
import { onTrip, type Trip } from '../../egress/trip.ts';
import type { ToolSecret } from '../catalogue/tool-secret.ts';
import type { Answer, Asked, OwnDestination } from './define-destination.ts';

/** An answer that is no success, which `fetch` does not throw. */
class HTTPError extends Error {
  override readonly name = 'HTTPError';
  readonly status: number;
  readonly retryAfter: string | undefined;

  constructor({ status, headers }: { status: number; headers: { get: (name: string) => string | null } }) {
    super(`the receiver answered ${status}`);
    this.status = status;
    this.retryAfter = headers.get('retry-after') ?? undefined;
  }
}

/** Runs a team's own destination behind the guarded way out; an answer that is no success is an error. */
export const ownDestination = (
  { batches, deliver }: OwnDestination,
  secret: () => Promise<ToolSecret>,
  { proxy }: Egress,
): Destination => ({
  batches,
  deliver: async (items, { deadline }) => {
    const { settings, allowedPrivateHosts } = await secret();
    return onTrip({ allowedPrivateHosts, proxy, deadline }, async (trip): Promise<readonly Outcome[]> => {
      try {
        const told = await deliver(items, { settings, fetch: checkedFetch, deadline });
        return told ?? items.map(() => outcomeFor(trip));
      } catch (error) {
        return items.map(() => outcomeOf(error, trip.requests));
      }
    });
  },
});

const outcomeFor = ({ requests }: Trip): Outcome =>
  requests === 0 ? { kind: 'filtered', reason: 'nothing sent', requests } : { kind: 'delivered', requests };

/** @throws HTTPError when the answer is no success */
const checkedFetch = async (url: string | URL, asked?: Asked): Promise<Answer> => {
  const answer = await guardedFetch(url, asked);
  if (!answer.ok) throw new HTTPError(answer);
  return answer;
};
