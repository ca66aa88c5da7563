import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import type { Versioned } from '../../adapters/dynamodb/request-items.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { isForReport, isOpen, type StoredRequest } from '../../core/privacy/request.ts';

/** What answering needs. */
interface AnswerDeps {
  readonly people: Pick<ReturnType<typeof identityTable>, 'readLive'>;
  readonly now: () => string;
}

type Put = (next: Versioned) => Promise<Versioned>;

/** A request for a report waits until somebody wrote the report and gave it to the person. */
export async function waitForReport(found: Versioned, put: Put): Promise<StoredRequest> {
  if (found.request.state === 'waiting') return found.request;
  return (await put({ ...found, request: { ...found.request, state: 'waiting' } })).request;
}

/**
 * Notes that somebody told the person what was done, or why it takes longer, so that no alarm rings. A request for a
 * report is completed by that if the report was written, or nobody is left whom one could be about.
 * @throws OperatorRefused when no answer is due
 */
export async function answerRequest(found: Versioned, put: Put, { people, now }: AnswerDeps): Promise<StoredRequest> {
  const { request } = found;
  if (request.answeredAt !== undefined && !isForReport(request)) return request;
  if (!isOpen(request)) {
    if (request.answeredAt !== undefined) return request;
    throw new OperatorRefused('refused', `the request is ${request.state}: no answer is due`);
  }
  const answered = { ...request, answeredAt: request.answeredAt ?? now() };
  const isOver = isForReport(request) && (request.reportedAt !== undefined || (await isNobodyLeft(request, people)));
  const over = isOver ? { state: 'completed' as const, completedAt: now() } : {};
  return (await put({ ...found, request: { ...answered, ...over } })).request;
}

async function isNobodyLeft({ profileIds }: StoredRequest, people: AnswerDeps['people']): Promise<boolean> {
  const found = await Promise.all(profileIds.map((profileId) => people.readLive({ profileId })));
  return found.every((live) => live === undefined);
}
