import type { ResultMultiStatusNode } from '@segment/actions-core/destination-kit/types';
import { type Outcome, outcomeOf } from '../../../core/destinations/outcome.ts';

/** How bad an outcome is: of several, the worst one counts. */
const badness: Readonly<Record<Outcome['kind'], number>> = {
  filtered: 0,
  delivered: 1,
  refused: 2,
  retry: 3,
  unauthorized: 4,
};

/** The outcome of an item that several actions were told. */
export function worstOf(outcomes: readonly Outcome[]): Outcome {
  const requests = outcomes.reduce((sum, outcome) => sum + outcome.requests, 0);
  const [worst] = outcomes.toSorted((a, b) => badness[b.kind] - badness[a.kind]);
  return worst === undefined ? { kind: 'filtered', reason: 'no action accepts it', requests } : { ...worst, requests };
}

/** A call that ended well; without a request nothing was delivered. */
export const ended = (requests: number): Outcome =>
  requests === 0 ? { kind: 'filtered', reason: 'nothing sent', requests } : { kind: 'delivered', requests };

/** What a tool said of one item of a batch; undefined if it said nothing. */
export function saidOf(node: ResultMultiStatusNode | undefined, requests: number): Outcome {
  if (node === undefined) return outcomeOf(new Unanswered(), requests);
  if (node.status < 300) return { ...ended(requests), status: node.status };
  const name = 'errortype' in node && node.errortype !== undefined ? node.errortype : 'Refused';
  return outcomeOf(Object.assign(new Error(), { name, status: node.status }), requests);
}

/** A tool returned no outcome of an item. */
class Unanswered extends Error {
  override readonly name = 'Unanswered';
}
