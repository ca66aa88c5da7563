import type { BarrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import type { RequestItems } from '../../adapters/dynamodb/request-items.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { answerBy } from '../../core/privacy/deadlines.ts';
import { receiptFile } from '../../core/privacy/receipt-file.ts';
import {
  type About,
  type Filing,
  isForReport,
  isStanding,
  planLifting,
  received,
  type StoredRequest,
} from '../../core/privacy/request.ts';
import { storesByHand, waitingStores } from '../../core/privacy/waiting-stores.ts';
import { answerRequest, waitForReport } from './answering.ts';
import { type ErasePersonDeps, erasePerson } from './erase-person.ts';
import { filedBy, type RunOfSource, runEach } from './filed-by-source.ts';
import { type Runs, runOpenRequests } from './open-requests.ts';
import { findSubject, identifiersOf, type Subject } from './person.ts';
import { storedRequests } from './stored-requests.ts';
import { markSuppressed } from './suppressed-profile.ts';

/** The table, and what turns identifiers into keys. */
export interface OfficerDeps extends ErasePersonDeps {
  readonly requests: RequestItems;
  readonly barriers: BarrierItems;
}

/**
 * What a privacy officer does with requests. Each step may be repeated: a request that stopped anywhere goes on when it
 * is run again, and ends the same.
 */
export function privacyOfficer(deps: OfficerDeps) {
  const { requests, barriers, listed, people, owners, keyOf, config, endsBy, signer, now } = deps;
  const { find, put, all } = storedRequests(requests);

  /** Suppresses a whole person; a batch under way may have linked more, so it looks again after each round. */
  async function suppress({ keys, profileIds, unowned = [] }: StoredRequest): Promise<About> {
    const ids = new Set(profileIds);
    const done = new Set<string>();
    for (let wanted = keys; wanted.length > 0; wanted = (await keysOf(ids)).filter((key) => !done.has(key))) {
      for (const key of wanted) {
        await barriers.suppress(key);
        done.add(key);
      }
      await listed.list(wanted);
      // Nobody can get one any more, but somebody may have since the request was filed.
      for (const { profileId } of (await owners(unowned)).values()) ids.add(profileId);
    }
    for (const profileId of ids) await markSuppressed(profileId, true, deps);
    return { keys: [...done].sort(), profileIds: [...ids].sort() };
  }

  async function keysOf(profileIds: Iterable<string>): Promise<string[]> {
    const found = await Promise.all([...profileIds].map((profileId) => people.readMergedPerson({ profileId })));
    return found.flatMap((person) => (person === undefined ? [] : identifiersOf(person).map(keyOf)));
  }

  /** Ends standing suppressions: first the barriers, then each request says so. */
  async function lift(lifting: StoredRequest): Promise<About> {
    const { lifted, keys, profileIds } = planLifting(lifting, await all());
    for (const key of keys) await barriers.lift(key);
    await listed.list(keys);
    for (const profileId of profileIds) await markSuppressed(profileId, false, deps);
    for (const { requestId } of lifted) {
      const { request, version } = await find(requestId);
      if (isStanding(request)) await put({ request: { ...request, liftedBy: lifting.requestId }, version });
    }
    return { keys: lifting.keys, profileIds: lifting.profileIds };
  }

  async function run(requestId: string): Promise<StoredRequest> {
    const found = await find(requestId);
    if (found.request.state === 'completed') return found.request;
    if (found.request.state === 'cancelled') throw new OperatorRefused('refused', 'the request is cancelled');
    if (found.request.type === 'erasure') return erasePerson(found, put, deps);
    if (isForReport(found.request)) return waitForReport(found, put);
    const running = await put({ ...found, request: { ...found.request, state: 'running' } });
    const about = running.request.type === 'suppress' ? await suppress(running.request) : await lift(running.request);
    const completed = { ...running.request, ...about, state: 'completed' as const, completedAt: now() };
    return (await put({ ...running, request: completed })).request;
  }

  return {
    /** Whom a request would be about; nothing is written. @throws OperatorRefused */
    preview: (texts: readonly string[]): Promise<Subject> => findSubject(texts, people, config.identity),

    /**
     * Files a request; the same id again answers the request that is there.
     * @throws OperatorRefused when an identifier cannot be read, or nobody is suppressed whom it would lift
     */
    async file(filing: Filing, texts: readonly string[]): Promise<StoredRequest> {
      const { identifiers, profiles, unknown } = await findSubject(texts, people, config.identity);
      const known = await requests.find(filing.requestId);
      if (known !== undefined) return known.request;
      const profileIds = profiles.map(({ profileId }) => profileId);
      const about = { keys: identifiers.map(keyOf), profileIds, unowned: unknown.map(keyOf) };
      const times = { receivedAt: now(), answerBy: answerBy(filing, config.privacy) };
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

    /** The receipts of an erasure, as a file that can be verified without the deployment. @throws OperatorRefused */
    async receipts(requestId: string): Promise<string> {
      const { request } = await find(requestId);
      if (request.type !== 'erasure') throw new OperatorRefused('refused', 'only an erasure has receipts');
      return receiptFile(request, waitingStores(request, now(), await endsBy()), { writtenAt: now(), signer });
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

    /** Cancels a request that nobody has begun. @throws OperatorRefused */
    async cancel(requestId: string): Promise<StoredRequest> {
      const found = await find(requestId);
      const { state } = found.request;
      if (state === 'cancelled') return found.request;
      const isUndone = state === 'received' || (state === 'waiting' && isForReport(found.request));
      if (!isUndone)
        throw new OperatorRefused('refused', `the request is ${state}; only one that is received can be cancelled`);
      return (await put({ ...found, request: { ...found.request, state: 'cancelled' } })).request;
    },
  };
}

export type PrivacyOfficer = ReturnType<typeof privacyOfficer>;
