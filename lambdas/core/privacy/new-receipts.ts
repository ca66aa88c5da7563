import { ownValue } from '../values/own-value.ts';
import { lakeEnd } from './lake-end.ts';
import { nextReceipt } from './next-receipt.ts';
import type { Receipt, ReceiptSigner, Statement } from './receipt.ts';
import type { StoredRequest } from './request.ts';
import { byHand, byLake, byRequest, daysOf, type Store, stays } from './stores/store.ts';
import { type EndsBy, lakeEndedAt, unreceipted } from './waiting-stores.ts';

/** All receipts of an erasure, with new ones for the stores that ended since the last. Each names the one before it. */
export function withReceipts(
  request: StoredRequest,
  now: string,
  { signer, ...ends }: EndsBy & { readonly signer: ReceiptSigner },
): Receipt[] {
  const receipts = [...(request.receipts ?? [])];
  for (const store of unreceipted(request, now, ends)) {
    const end = { store: store.name, ...endOf(store, request, ends) };
    receipts.push(nextReceipt({ ...request, receipts }, end, { now, signer }));
  }
  return receipts;
}

type End = Pick<Statement, 'ended' | 'found' | 'evidence'>;

/** How a store ended, and what shows it. */
function endOf(store: Store, request: StoredRequest, { retention, lake }: EndsBy): End {
  const { found, tableEmptiedAt = '' } = request;
  const { erasedBy, holds = '', counted, late } = store;
  if (erasedBy.startsWith(stays)) return { ended: 'kept', evidence: `${holds}; it ${erasedBy}` };
  if (erasedBy.startsWith(byHand)) return { ended: 'emptied by hand', evidence: 'somebody said that it is done' };
  if (erasedBy.startsWith(byRequest)) {
    // Before there were receipts, nobody counted, and nobody read again.
    if (found === undefined) return { ended: 'emptied', evidence: `it was deleted before ${tableEmptiedAt}` };
    return {
      ended: 'emptied',
      ...(counted !== undefined && { found: ownValue(found, counted) }),
      evidence: `a consistent read found nothing of the person before ${tableEmptiedAt}`,
    };
  }
  if (erasedBy.startsWith(byLake) && store.days === undefined) {
    const { evidence = '' } = lakeEnd(request, lake);
    return { ended: 'emptied', evidence };
  }
  const slack = late === undefined ? '' : `, with ${late} by which its service may be late`;
  const since = erasedBy.startsWith(byLake)
    ? `the tables of the lake had their receipts at ${lakeEndedAt(request)}`
    : `the profile table was empty at ${tableEmptiedAt}`;
  return {
    ended: 'expired',
    evidence: `${daysOf(store, retention)} days${slack}, passed since ${since}`,
  };
}
