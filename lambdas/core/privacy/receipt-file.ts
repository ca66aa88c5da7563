import * as z from 'zod';
import { Receipt, type ReceiptSigner, statementText } from './receipt.ts';
import type { StoredRequest } from './request.ts';
import type { WaitingStore } from './waiting-stores.ts';

const format = 'cdp-receipts-1';

/** What a file of receipts says besides its signature. */
const Contents = z.strictObject({
  format: z.literal(format),
  requestId: z.string().min(1),
  regulation: z.string(),
  submittedAt: z.iso.datetime(),
  state: z.string(),
  writtenAt: z.iso.datetime(),
  receipts: z.array(Receipt),
  /** Stores that still hold the person, or may. */
  waiting: z.array(z.strictObject({ store: z.string(), waitsFor: z.string() })),
  /** Ed25519, SubjectPublicKeyInfo in base64. */
  publicKey: z.string().min(1),
});

/** A file of receipts: those of one request, which can be verified without the deployment. */
const ReceiptFile = Contents.extend({ signature: z.string().min(1) });
export type ReceiptFile = z.infer<typeof ReceiptFile>;

const textOf = (file: object): string => `${JSON.stringify(file, null, 2)}\n`;

/** Writes the receipts of an erasure into a file that is signed as a whole, so that none can be taken from its end. */
export function receiptFile(
  { requestId, regulation, submittedAt, state, receipts = [] }: StoredRequest,
  waiting: readonly WaitingStore[],
  { writtenAt, signer }: { readonly writtenAt: string; readonly signer: ReceiptSigner },
): string {
  const about = { requestId, regulation, submittedAt, state, writtenAt };
  // In the order of the form, whatever the table made of it.
  const contents = Contents.parse({ format, ...about, receipts, waiting, publicKey: signer.publicKey });
  return textOf({ ...contents, signature: signer.sign(textOf(contents)) });
}

/** What verifies signatures without a secret. */
export interface ReceiptVerifier {
  readonly isSigned: (text: string, signature: string, publicKey: string) => boolean;
  readonly hash: (text: string) => string;
}

/** A file of receipts that is whole, or what is wrong with it. */
export type Verified =
  | { readonly ok: true; readonly file: ReceiptFile }
  | { readonly ok: false; readonly problem: string };

/** Verifies a file of receipts: every byte of it, each signature, and that no receipt is missing. */
export function verifyReceipts(text: string, verifier: ReceiptVerifier, publicKey?: string): Verified {
  const wrong = (problem: string): Verified => ({ ok: false, problem });
  const read = ReceiptFile.safeParse(parsed(text));
  if (!read.success) return wrong('this is not a file of receipts, or a field of it was changed');
  const file = read.data;
  if (text !== textOf(file)) return wrong('the file is not as it was written');
  if (publicKey !== undefined && file.publicKey !== publicKey) return wrong('it was signed by another key');
  const { signature, ...contents } = file;
  if (!verifier.isSigned(textOf(contents), signature, file.publicKey))
    return wrong('the signature of the file is wrong');
  const bad = file.receipts.findIndex((receipt, at) => !isNext(file, receipt, at, verifier));
  return bad < 0 ? { ok: true, file } : wrong(`receipt ${bad + 1} was changed, or one before it is missing`);
}

function isNext(
  { requestId, publicKey, receipts }: ReceiptFile,
  receipt: Receipt,
  at: number,
  verifier: ReceiptVerifier,
) {
  const { signature, ...said } = receipt;
  const before = receipts[at - 1];
  const previous = before === undefined ? '' : verifier.hash(statementText(before));
  return (
    said.requestId === requestId &&
    said.previous === previous &&
    verifier.isSigned(statementText(said), signature, publicKey)
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
