import type { GatewayRequest } from '../../../core/apis/gateway-request.ts';
import type { HttpAnswer } from '../../../core/apis/http-answer.ts';
import type { WebhookSource } from '../../../core/sources/webhook.ts';
import { errorNameOf } from '../../../core/values/thrown.ts';
import { refuseAsCollect } from '../answer.ts';
import { handedOver } from '../body/handed-over.ts';
import type { IntakeDeps } from '../intake.ts';
import type { WebhookTools } from './tools.ts';

/** A request of a known source with a right signature, or the answer to any other. */
export type Proven =
  | { readonly ok: true; readonly source: WebhookSource; readonly signedId: string | undefined }
  | { readonly ok: false; readonly answer: HttpAnswer };

/** What the proof of a sender needs. */
export interface ProofDeps extends Pick<IntakeDeps, 'now' | 'warn'> {
  readonly webhooks: WebhookTools;
  readonly sources: ReadonlyMap<string, WebhookSource>;
}

/**
 * Proves who sent a request. An unknown id and a wrong signature get the same answer after the same work, so that
 * nobody learns which sources there are. A source without secrets takes nothing.
 */
export async function prove(event: GatewayRequest, id: string, deps: ProofDeps): Promise<Proven> {
  const { sources, webhooks, now } = deps;
  const source = sources.get(id);
  const secrets = sources.size === 0 ? undefined : await secretsOf(id, deps);
  if (secrets === 'unread') return { ok: false, answer: notReady('the secrets could not be read') };
  const { method } = event.requestContext.http;
  const request = { method, url: addressOf(event, source), headers: event.headers, body: handedOver(event) };
  const known = source && secrets && { signature: source.signature, secrets: secrets.secrets };
  const verdict = webhooks.verify(request, known, now());
  if (source !== undefined && secrets === undefined)
    return { ok: false, answer: notReady('this source has no secret yet') };
  if (source !== undefined && verdict.ok) return { ok: true, source, signedId: verdict.id };
  webhooks.countRefused(source?.id);
  return { ok: false, answer: strangersAnswer() };
}

/** The one answer to whoever cannot prove who they are. */
export const strangersAnswer = (): HttpAnswer =>
  refuseAsCollect(401, 'unauthorized', 'no source has this address and this signature');

/** Vendors send again after a 503. */
const notReady = (message: string): HttpAnswer =>
  refuseAsCollect(503, 'unavailable', `${message}; send the same request again later`, {
    headers: { 'retry-after': '60' },
  });

/** Without the error's message: it may quote a secret. */
async function secretsOf(id: string, { webhooks, warn }: ProofDeps) {
  try {
    return await webhooks.secretsOf(id);
  } catch (error) {
    warn('the secrets of sources cannot be read', { error: errorNameOf(error) });
    return 'unread';
  }
}

/** The address that the vendor called: configured, because a proxy may hide it, or else the one of API Gateway. */
function addressOf({ rawPath, rawQueryString, requestContext }: GatewayRequest, source?: WebhookSource): string {
  const base = source?.publicUrl;
  const path = base === undefined ? rawPath : rawPath.slice(rawPath.lastIndexOf('/v1/sources/'));
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  return `${base ?? `https://${requestContext.domainName}`}${path}${query}`;
}
