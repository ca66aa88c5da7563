import * as z from 'zod';
import { SourceSecrets } from './source-secrets.ts';

/** A new secret of a source, and what else changes. */
interface SecretChange {
  readonly secret?: string | undefined;
  /** Whether the secret before it is valid no more. */
  readonly only?: boolean;
  /** Word by which Meta asks whether an address is yours. */
  readonly verifyToken?: string | undefined;
}

/** A change would leave a source without a usable secret; the message never quotes one. */
export class SecretRefused extends Error {
  override readonly name = 'SecretRefused';
}

const Stored = z.record(z.string(), z.unknown());

/**
 * Changes one source in the text of the secret: its new secret comes first, and the one before it stays valid. Other
 * sources stay to the letter.
 * @throws SecretRefused when the source would have no usable secret
 */
export function withSourceSecret(text: string, id: string, { secret, only, verifyToken }: SecretChange): string {
  const stored = Stored.parse(JSON.parse(text));
  const before = SourceSecrets.safeParse(new Map(Object.entries(stored)).get(id)).data;
  const kept = only ? [] : (before?.secrets ?? []).filter((each) => each !== secret);
  const secrets = secret === undefined ? (before?.secrets ?? []) : [secret, ...kept].slice(0, 2);
  const word = verifyToken ?? before?.verifyToken;
  const parsed = SourceSecrets.safeParse({ secrets, ...(word !== undefined && { verifyToken: word }) });
  if (!parsed.success)
    throw new SecretRefused('a source needs a secret, and a secret and a word need at least 8 characters');
  return JSON.stringify({ ...stored, [id]: parsed.data });
}
