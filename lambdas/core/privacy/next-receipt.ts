import { type Receipt, type ReceiptSigner, type Statement, statementText } from './receipt.ts';
import type { StoredRequest } from './request.ts';

/** What a receipt says of a store. */
export type StoreEnd = Pick<Statement, 'store' | 'ended' | 'found' | 'evidence'>;

/** When a receipt is written, and what signs it. */
export interface Signing {
  readonly now: string;
  readonly signer: ReceiptSigner;
}

/** The next receipt of a request. It names the one before it. */
export function nextReceipt(
  { requestId, receipts = [] }: Pick<StoredRequest, 'requestId' | 'receipts'>,
  end: StoreEnd,
  { now, signer }: Signing,
): Receipt {
  const last = receipts.at(-1);
  const previous = last === undefined ? '' : signer.hash(statementText(last));
  const said: Statement = { requestId, number: receipts.length + 1, ...end, at: now, previous };
  return { ...said, signature: signer.sign(statementText(said)) };
}

/** All receipts of a request that was done at once, with one for each of these stores. */
export function receiptsOf(request: StoredRequest, ends: readonly StoreEnd[], signing: Signing): Receipt[] {
  const receipts = [...(request.receipts ?? [])];
  for (const end of ends) receipts.push(nextReceipt({ ...request, receipts }, end, signing));
  return receipts;
}
