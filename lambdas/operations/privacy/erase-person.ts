import type { Versioned } from '../../adapters/dynamodb/request-items.ts';
import { withReceipts } from '../../core/privacy/new-receipts.ts';
import type { ReceiptSigner } from '../../core/privacy/receipt.ts';
import type { StoredRequest } from '../../core/privacy/request.ts';
import { type EndsBy, unreceipted, waitingStores } from '../../core/privacy/waiting-stores.ts';
import { type ErasureDeps, eraser } from './erasure.ts';
import { peopleOfSource } from './filed-by-source.ts';
import { tellHeirs } from './heirs.ts';

/** What an erasure needs from its beginning to its last receipt. */
export interface ErasePersonDeps extends ErasureDeps {
  readonly endsBy: () => Promise<EndsBy>;
  readonly signer: ReceiptSigner;
}

/**
 * Goes on with an erasure as far as it can: each step is noted before the next, so that it is never done halfway. A
 * store gets its receipt as soon as it ended.
 */
export async function erasePerson(
  found: Versioned,
  put: (next: Versioned) => Promise<Versioned>,
  deps: ErasePersonDeps,
): Promise<StoredRequest> {
  const { owners, endsBy, signer, now } = deps;
  const steps = eraser(deps);
  let at = found;
  const note = async (news: Partial<StoredRequest>) => {
    at = await put({ ...at, request: { ...at.request, ...news } });
  };
  // Noted before anything is taken from them: afterwards no identifier leads to them.
  async function departAll() {
    for (let born = await steps.born(at.request); ; ) {
      if (born.length > 0) await note({ profileIds: [...at.request.profileIds, ...born].sort() });
      const departed = await steps.depart(at.request);
      born = await steps.born(at.request);
      if (born.length === 0) return departed;
    }
  }
  if (at.request.state === 'received') {
    const people = at.request.source === undefined ? {} : { profileIds: await peopleOfSource(at.request, owners) };
    await note({ ...people, state: 'running', erasedAt: now() });
  } else if (at.request.state === 'running') {
    // It stopped while it set barriers, maybe hours ago. Events that reach the profile go with it until then.
    if (await steps.isReached(at.request))
      await note({ erasedAt: now(), begunAt: at.request.begunAt ?? at.request.erasedAt });
  }
  if (at.request.state === 'running') {
    const departed = await departAll();
    const { begunAt: _begun, ...request } = at.request;
    at = await put({ ...at, request: { ...request, ...departed, state: 'waiting' } });
  }
  const { deleteAfter = '', tableEmptiedAt } = at.request;
  if (tableEmptiedAt === undefined && now() >= deleteAfter) {
    if (at.request.untold === undefined) await note(await steps.count(at.request));
    await steps.remove(at.request, note);
    await tellHeirs(at.request, deps);
    await note({ tableEmptiedAt: now() });
  }
  const ends = await endsBy();
  if (unreceipted(at.request, now(), ends).length > 0)
    await note({ receipts: withReceipts(at.request, now(), { ...ends, signer }) });
  if (waitingStores(at.request, now(), ends).length === 0) await note({ state: 'completed', completedAt: now() });
  return at.request;
}
