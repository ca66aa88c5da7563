import { post } from '../../adapters/destinations/native/post.ts';
import { requestItems } from '../../adapters/dynamodb/request-items.ts';
import { trust } from '../../adapters/egress/trusted.ts';
import { jittered } from '../../adapters/streams/backoff.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { senderHeaders } from '../../core/privacy/open-dsr.ts';
import { type CallOutcome, callingBack } from './call-back.ts';
import type { OfficerPlace } from './deployed-officer.ts';

/**
 * Posts calls by the way out of destinations: private addresses are refused, and no redirect is followed. `patience` is
 * in milliseconds for one call, from the request to the last byte of the answer. Undefined without a domain to call as.
 */
export function callsOut({ egress, privacy }: Pick<CdpConfig, 'egress' | 'privacy'>, patience = 10_000) {
  const domain = privacy.openDsrDomain;
  if (domain === undefined) return undefined;
  trust(egress.ca);
  return async (url: string, body: string): Promise<CallOutcome> => {
    const route = { allowedPrivateHosts: [], proxy: egress.proxy, deadline: Date.now() + patience };
    const outcome = await post({ url, body, headers: senderHeaders(domain) }, route);
    if (outcome.kind === 'delivered') return { kind: 'told' };
    const { reason, status } = outcome;
    // Whoever redirects is there, and other addresses of it may be right.
    return { kind: 'failed', reason, isAnswered: status !== undefined || reason === 'Redirected' };
  };
}

/** What calls back in a deployment: only the function that goes on with requests does. */
export const deployedCallbacks = (config: CdpConfig, { documents, profileTable }: OfficerPlace) =>
  callingBack({
    requests: requestItems(documents, profileTable, jittered),
    post: callsOut(config),
    pause: jittered,
    now: () => new Date().toISOString(),
  });
