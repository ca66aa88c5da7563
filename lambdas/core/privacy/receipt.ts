import * as z from 'zod';

/** What became of a person in a store: of an erasure, and then of other requests. */
export const endings = [
  ...(['emptied', 'expired', 'emptied by hand', 'kept'] as const),
  ...(['kept out', 'marked', 'let in', 'opted out', 'rectified'] as const),
] as const;

/** What is signed of one store: what became of a person there. It has counts, times and ids of nobody. */
const Statement = z.strictObject({
  requestId: z.string().min(1),
  /** Its place among the receipts of the request, from 1. */
  number: z.int().min(1),
  store: z.string().min(1),
  ended: z.enum(endings),
  /** How many items it is about, where they can be counted. */
  found: z.int().min(0).optional(),
  evidence: z.string().min(1),
  at: z.iso.datetime(),
  /** The hash of the receipt before it; empty in the first. */
  previous: z.string(),
});
export type Statement = z.infer<typeof Statement>;

/** A statement with the deployment's signature over it. */
export const Receipt = Statement.extend({ signature: z.string().min(1) });
export type Receipt = z.infer<typeof Receipt>;

/** Signs and hashes texts for a deployment. Whoever has the public key can verify what it signed. */
export interface ReceiptSigner {
  readonly publicKey: string;
  readonly sign: (text: string) => string;
  readonly hash: (text: string) => string;
}

/** The text of a statement that is signed and hashed: its fields in one order, whatever order they were stored in. */
export const statementText = (said: Statement): string => {
  const { requestId, number, store, ended, found = null, evidence, at, previous } = said;
  return JSON.stringify(['cdp-receipt-1', requestId, number, store, ended, found, evidence, at, previous]);
};
