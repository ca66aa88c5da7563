import { writeFile } from 'node:fs/promises';
import { receiptVerifier } from '../../lambdas/adapters/secrets/receipt-signer.ts';
import { type ReceiptFile, verifyReceipts } from '../../lambdas/core/privacy/receipt-file.ts';
import type { WishOptions } from './wish.ts';

/** Writes receipts to where they are wanted: byte by byte into a file, or out. */
export async function writeReceipts(text: string, to: string | undefined): Promise<string> {
  if (to === undefined) return text.trimEnd();
  await writeFile(to, text);
  return `${to} has the receipts of now; npm run privacy -- verify ${to} verifies it anywhere.`;
}

/** Verifies a file of receipts by itself. @throws Error that says what is wrong */
export function verify(text: string, { key, json }: Pick<WishOptions, 'key' | 'json'>): string {
  const verified = verifyReceipts(text, receiptVerifier, key);
  if (!verified.ok) throw new Error(`NOT TO BE TRUSTED: ${verified.problem}`);
  return json ? JSON.stringify(verified.file, null, 2) : verifiedLines(verified.file);
}

/** What a file of receipts is, once it was verified. */
const verifiedLines = ({ requestId, writtenAt, receipts, waiting, publicKey }: ReceiptFile): string =>
  [
    `${requestId}: ${receipts.length} receipts are whole, and none is missing up to ${writtenAt}`,
    ...receipts.map(({ number, store, ended, at, evidence, found }) => {
      const counted = found === undefined ? '' : `, found ${found}`;
      return `  ${number}. ${store}: ${ended}${counted}, ${at} (${evidence})`;
    }),
    ...waiting.map(({ store, waitsFor }) => `  open: ${store}: ${waitsFor}`),
    `signed by ${publicKey}`,
  ].join('\n');
