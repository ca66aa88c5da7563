import { createHmac, createPublicKey, generateKeyPairSync, timingSafeEqual, verify as verifyBytes } from 'node:crypto';
import type { Signature } from '../../core/sources/signature.ts';
import { claimOf } from './claims.ts';
import type { Claim, SignedRequest } from './signed-request.ts';

/** Whether a request is its vendor's, and the id that was signed. */
export type Verdict = { readonly ok: true; readonly id?: string | undefined } | { readonly ok: false };

/** Most secrets that are valid at one time: the new one, and the one before it. */
export const mostSecrets = 2;

/** Somebody whom nobody knows: their requests cost the same work as those with a wrong signature, and are refused. */
const stranger: Signature = {
  scheme: 'hmac',
  header: 'x-signature',
  prefix: '',
  algorithm: 'sha256',
  encoding: 'hex',
  signed: '{body}',
  toleranceSeconds: 300,
};
const strangersKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
const decoy = 'nobody has this secret';

/**
 * Verifies a request with each secret of its source; without a source, it refuses. Whatever is wrong, a refusal takes
 * the same work: that of each kind of signature, with as many secrets as there may be.
 */
export function verifySignature(
  request: SignedRequest,
  source: { readonly signature: Signature; readonly secrets: readonly string[] } | undefined,
  now: number,
): Verdict {
  const signature = source?.signature ?? stranger;
  const claim = claimOf(signature, request);
  const secrets = [...(source?.secrets ?? []), ...Array.from({ length: mostSecrets }, () => decoy)].slice(
    0,
    mostSecrets,
  );
  const fitting = secrets.filter((secret) => fits(claim, secret));
  const ok = source !== undefined && fitting.some((secret) => secret !== decoy) && isInTime(claim, signature, now);
  if (ok && claim.isWhole !== false) return { ok, id: claim.id };
  for (const other of kinds.filter(({ kind }) => kind !== kindOf(signature))) {
    const theirs = claimOf(other.signature, request);
    for (const secret of secrets) fits(theirs, secret);
  }
  return { ok: false };
}

/** One signature of each kind of work: a digest of the body, the fields of a form in two addresses, a public key. */
const kinds: readonly { readonly kind: string; readonly signature: Signature }[] = [
  { kind: 'digest', signature: stranger },
  { kind: 'twilio', signature: { scheme: 'twilio' } },
  { kind: 'sendgrid', signature: { scheme: 'sendgrid' } },
];
const kindOf = ({ scheme }: Signature): string => (scheme === 'twilio' || scheme === 'sendgrid' ? scheme : 'digest');

/** Both ways: a time that is far in the future could be sent again until then. */
function isInTime({ at }: Claim, signature: Signature, now: number): boolean {
  const tolerance = 'toleranceSeconds' in signature ? signature.toleranceSeconds : undefined;
  return at === undefined || tolerance === undefined || Math.abs(now - at) <= tolerance * 1000;
}

/** Tries every form and every given signature, also after one fits. */
function fits(claim: Claim, secret: string): boolean {
  const { algorithm, signed, given } = claim;
  if (algorithm === 'ecdsa') return signed.map((parts) => fitsKey(parts, given, secret)).includes(true);
  const key = claim.keyOf?.(secret) ?? Buffer.from(secret, 'utf8');
  return signed
    .map((parts) => {
      const digest = createHmac(algorithm, key);
      for (const part of parts) digest.update(part);
      const wanted = digest.digest(claim.encoding);
      return given.map((one) => isSame(one, wanted)).includes(true);
    })
    .includes(true);
}

/** Compares texts and not bytes: base64 has several texts for the same bytes. */
function isSame(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length ? timingSafeEqual(a, b) : timingSafeEqual(b, b) && false;
}

function fitsKey(parts: readonly (string | Buffer)[], given: readonly string[], secret: string): boolean {
  const text = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const key = publicKeyIn(secret);
  return given
    .map((one) => {
      const bytes = Buffer.from(one, 'base64');
      return verifyBytes('sha256', text, key ?? strangersKey, bytes) && bytes.toString('base64') === one;
    })
    .some((isRight) => isRight && key !== undefined);
}

/** How each public key on the curve P-256 begins: its kind, the curve, and that both coordinates follow (RFC 5480). */
const p256 = '3059301306072a8648ce3d020106082a8648ce3d03010703420004';

/**
 * A public key as SendGrid shows it: base64 without header and line ends. Other forms of the same key, which OpenSSL
 * reads too, are none.
 */
function publicKeyIn(secret: string): ReturnType<typeof createPublicKey> | undefined {
  const der = Buffer.from(secret, 'base64');
  if (der.toString('base64') !== secret || der.length !== 91 || !der.toString('hex').startsWith(p256)) return undefined;
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
