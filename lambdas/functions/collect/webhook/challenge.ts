import { timingSafeEqual } from 'node:crypto';
import type { GatewayRequest } from '../../../core/apis/gateway-request.ts';
import type { HttpAnswer } from '../../../core/apis/http-answer.ts';
import { type ProofDeps, strangersAnswer } from './proven.ts';

/**
 * Answers Meta's question whether an address is yours: it gives back Meta's challenge if the word is the one that was
 * agreed upon. Everybody else gets the answer for strangers.
 */
export async function answerChallenge(
  { rawQueryString }: GatewayRequest,
  id: string,
  { sources, webhooks }: ProofDeps,
): Promise<HttpAnswer> {
  const query = new URLSearchParams(rawQueryString);
  const challenge = query.get('hub.challenge') ?? '';
  const secrets = sources.size === 0 ? undefined : await webhooks.secretsOf(id).catch(() => undefined);
  const agreed = isSame(query.get('hub.verify_token') ?? '', secrets?.verifyToken ?? '');
  const isAsked = query.get('hub.mode') === 'subscribe' && /^[\w-]{1,200}$/.test(challenge);
  if (sources.get(id)?.signature.scheme !== 'meta' || !agreed || !isAsked) return strangersAnswer();
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { statusCode: 200, headers: { ...headers, 'x-content-type-options': 'nosniff' }, body: challenge };
}

/** An empty word is none. */
function isSame(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && b.length > 0 && timingSafeEqual(a, b);
}
