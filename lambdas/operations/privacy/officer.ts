import type { BarrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import type { RequestItems } from '../../adapters/dynamodb/request-items.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { answerBy } from '../../core/privacy/deadlines.ts';
import { receiptsOf } from '../../core/privacy/next-receipt.ts';
import { receiptFile } from '../../core/privacy/receipt-file.ts';
import {
  type Filing,
  isForReport,
  isSaid,
  planLifting,
  received,
  type StoredRequest,
} from '../../core/privacy/request.ts';
import { storesByHand, waitingStores } from '../../core/privacy/waiting-stores.ts';
import { answerRequest, waitForReport } from './answering.ts';
import { type CallbackCheckDeps, mustBeCallable } from './callback-check.ts';
import { type ErasePersonDeps, erasePerson } from './erase-person.ts';
import { filedBy, type RunOfSource, runEach } from './filed-by-source.ts';
import { type Runs, runOpenRequests } from './open-requests.ts';
import { findSubject, type Subject } from './person.ts';
import { type SendCalls, sayForPerson } from './say-for-person.ts';
import { storedRequests } from './stored-requests.ts';
import { suppressor } from './suppression.ts';
import { type Asked, whatIsSaid } from './what-is-said.ts';

/** The table, and what turns identifiers into keys. */
export interface OfficerDeps extends ErasePersonDeps {
  readonly requests: RequestItems;
  readonly barriers: BarrierItems;
  readonly send: SendCalls;
  readonly egressRefusal: CallbackCheckDeps['egressRefusal'];
}

/**
 * What a privacy officer does with requests. Each step may be repeated: a request that stopped anywhere goes on when it
 * is run again, and ends the same.
 */
export function privacyOfficer(deps: OfficerDeps) {
  const { requests, people, keyOf, config, endsBy, signer, now } = deps;
  const { find, put, all } = storedRequests(requests);
  const { suppress, lift } = suppressor(deps);
  const said = whatIsSaid(deps);

  async function run(requestId: string): Promise<StoredRequest> {
    const found = await find(requestId);
    if (found.request.state === 'completed') return found.request;
    if (found.request.state === 'cancelled') throw new OperatorRefused('refused', 'the request is cancelled');
    if (found.request.type === 'erasure') return erasePerson(found, put, deps);
    if (isForReport(found.request)) return waitForReport(found, put);
    if (isSaid(found.request)) return sayForPerson(found, put, { ...deps, check: said.check });
    const { request, version } = await put({ ...found, request: { ...found.request, state: 'running' } });
    const { ends, ...about } = request.type === 'suppress' ? await suppress(request) : await lift(request);
    const receipts = receiptsOf(request, ends, { now: now(), signer });
    const completed = { ...request, ...about, receipts, state: 'completed' as const, completedAt: now() };
    return (await put({ version, request: completed })).request;
  }

  return {
    /** Whom a request would be about, and what it would change; nothing is written. @throws OperatorRefused */
    async preview(texts: readonly string[], asked?: Asked & Pick<Filing, 'callbacks'>): Promise<Subject> {
      if (asked !== undefined) await mustBeCallable(asked, deps);
      const subject = await findSubject(texts, people, config.identity);
      return asked === undefined ? subject : { ...subject, ...(await said.preview(asked, subject)) };
    },

    /**
     * Files a request; the same id again answers the request that is there.
     * @throws OperatorRefused when an identifier cannot be read, or nobody is suppressed whom it would lift
     */
    async file(filing: Filing, texts: readonly string[]): Promise<StoredRequest> {
      const subject = await findSubject(texts, people, config.identity);
      const { identifiers, profiles, unknown } = subject;
      const known = await requests.find(filing.requestId);
      if (known !== undefined) return known.request;
      await mustBeCallable(filing, deps);
      const profileIds = profiles.map(({ profileId }) => profileId);
      const times = { receivedAt: now(), answerBy: answerBy(filing, config.privacy) };
      const calls = (await said.calls(filing, texts, subject, times.receivedAt)).map((call) => JSON.stringify(call));
      const refusal = said.refusal(filing, texts);
      const about = { keys: identifiers.map(keyOf), profileIds, unowned: unknown.map(keyOf), calls, refusal };
      const request = received(filing, times, about);
      if (filing.type === 'unsuppress' && planLifting(request, await all()).lifted.length === 0)
        throw new OperatorRefused('refused', 'nobody with these identifiers is suppressed');
      return (await put({ request, version: 0 })).request;
    },

    /** Does what a request asks for, from wherever it stopped. @throws OperatorRefused */
    run,

    /** Goes on with every request that can, and begins with none after a time. */
    runOpen: (until?: string): Promise<Runs> => runOpenRequests({ list: all, run, endsBy }, now, until),

    /** Within how many days this deployment answers. */
    deadlines: config.privacy,

    /** What stores of this deployment end by. */
    endsBy,

    /** The receipts of a request, as a file that can be verified without the deployment. @throws OperatorRefused */
    async receipts(requestId: string): Promise<string> {
      const { request } = await find(requestId);
      if (isForReport(request)) throw new OperatorRefused('refused', `a request for ${request.type} has no receipts`);
      const waiting = request.type === 'erasure' ? waitingStores(request, now(), await endsBy()) : [];
      return receiptFile(request, waiting, { writtenAt: now(), signer });
    },

    /** The key by which everybody can verify receipts. */
    publicKey: signer.publicKey,

    /**
     * Notes that somebody told the person what was done, or why it takes longer, so that no alarm rings.
     * @throws OperatorRefused
     */
    async answer(requestId: string): Promise<StoredRequest> {
      return answerRequest(await find(requestId), put, deps);
    },

    /** Begins every erasure that a source filed, and tells of each what became of it. */
    runFiledBy: async (source: string): Promise<RunOfSource[]> => runEach(filedBy(await all(), source), run),

    /** Notes that somebody emptied a store by hand for an erasure. @throws OperatorRefused */
    async settle(requestId: string, store: string): Promise<StoredRequest> {
      const found = await find(requestId);
      const { request } = found;
      if (request.type !== 'erasure' || request.state !== 'waiting')
        throw new OperatorRefused('refused', 'only an erasure that waits has stores to be emptied by hand');
      if (!storesByHand.includes(store))
        throw new OperatorRefused('invalid', `the store must be one of: ${storesByHand.join('; ')}`);
      await put({
        ...found,
        request: { ...request, settled: [...new Set([...(request.settled ?? []), store])].sort() },
      });
      return run(requestId);
    },

    list: all,

    /** @throws OperatorRefused when there is none */
    show: async (requestId: string): Promise<StoredRequest> => (await find(requestId)).request,

    /**
     * Cancels a request that nobody has begun, or that waits to say something or for its report. What was to be said
     * goes from it. @throws OperatorRefused
     */
    async cancel(requestId: string): Promise<StoredRequest> {
      const found = await find(requestId);
      const { state } = found.request;
      if (state === 'cancelled') return found.request;
      const { calls: _said, ...request } = found.request;
      const isUndone = state === 'received' || (state === 'waiting' && (isForReport(request) || isSaid(request)));
      if (!isUndone)
        throw new OperatorRefused('refused', `the request is ${state}; only one that is received can be cancelled`);
      return (await put({ ...found, request: { ...request, state: 'cancelled' } })).request;
    },
  };
}

export type PrivacyOfficer = ReturnType<typeof privacyOfficer>;
