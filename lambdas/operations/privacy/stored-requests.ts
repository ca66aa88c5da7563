import type { RequestItems, Versioned } from '../../adapters/dynamodb/request-items.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { withReached } from '../../core/privacy/calling-back.ts';
import type { StoredRequest } from '../../core/privacy/request.ts';

const notFound = new OperatorRefused('not_found', 'there is no such request');
const meanwhile = new OperatorRefused('contended', 'somebody wrote to this request at the same moment; try again');

/** Reads and writes requests as an officer does, who is told when there is none, or somebody else wrote it. */
export const storedRequests = (requests: RequestItems) => ({
  /** @throws OperatorRefused when there is none */
  async find(requestId: string): Promise<Versioned> {
    const found = await requests.find(requestId);
    if (found === undefined) throw notFound;
    return found;
  },

  /** @throws OperatorRefused when somebody else wrote meanwhile */
  async put({ request: next, version }: Versioned): Promise<Versioned> {
    const request = withReached(next);
    if (!(await requests.put({ request, version }))) throw meanwhile;
    return { request, version: version + 1 };
  },

  /** All requests, the oldest first. */
  all: async (): Promise<StoredRequest[]> => (await requests.all()).map(({ request }) => request),
});
