import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { freshSecret } from './fresh-secret.ts';

/** An access token as it is kept: what it is for, and its SHA-256. The token has 256 random bits, so no salt is needed. */
const AccessToken = z.object({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.string() });
export type AccessToken = z.infer<typeof AccessToken>;

/** The token secret does not hold what `npm run token` writes. */
export class AccessTokensUnreadable extends Error {
  override readonly name = 'AccessTokensUnreadable';
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Reads the token secret's text. @throws AccessTokensUnreadable without quoting it */
export function parseAccessTokens(text: string): readonly AccessToken[] {
  try {
    return z.object({ tokens: z.array(AccessToken) }).parse(JSON.parse(text)).tokens;
  } catch {
    throw new AccessTokensUnreadable('the token secret must hold {"tokens":[{"name","sha256","createdAt"}]}');
  }
}

/** Makes a token, and what is kept of it. */
export function newAccessToken(
  name: string,
  createdAt: string,
): { readonly token: string; readonly kept: AccessToken } {
  const token = `cdp_${randomBytes(32).toString('base64url')}`;
  return { token, kept: { name, sha256: sha256(token), createdAt } };
}

/** A token that nobody knows may have been made just now, so the secret is read again once it is so many milliseconds old. */
const freshForUnknown = 5_000;

/** Tells whether a token is among those in the secret, as of the last minute. All are compared, in constant time each. */
export function accessTokens(
  client: SecretsManagerClient,
  secretId: string,
  now: () => number,
): (token: string) => Promise<boolean> {
  const digests = freshSecret({ client, secretId, parse: parseDigests, now });
  return async (token) => {
    const digest = hash('sha256', token, 'buffer');
    return isAmong(digest, await digests()) || isAmong(digest, await digests(freshForUnknown));
  };
}

const parseDigests = (text: string): readonly Buffer[] =>
  parseAccessTokens(text).map((token) => Buffer.from(token.sha256, 'hex'));

const isAmong = (digest: Buffer, known: readonly Buffer[]): boolean =>
  known.filter((one) => timingSafeEqual(one, digest)).length > 0;
