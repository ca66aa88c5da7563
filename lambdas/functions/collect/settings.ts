import type { GatewayRequest } from '../../core/apis/gateway-request.ts';
import { answerWithJson, type HttpAnswer } from '../../core/apis/http-answer.ts';

type Headers = GatewayRequest['headers'];

/**
 * The settings that analytics.js reads before its first event: where to send events, and no device-mode integration.
 */
export const settingsAnswer = (
  writeKey: string,
  address: { readonly apiHost: string; readonly protocol: string },
): HttpAnswer =>
  answerWithJson(
    200,
    { integrations: { 'Segment.io': { apiKey: writeKey, ...address } }, plan: {}, enabledMiddleware: {} },
    // The address comes from the headers of this request, so a shared cache must not give it to another client.
    { 'cache-control': 'private, max-age=300' },
  );

/** The address that the client used, proxies included, in the form of analytics.js. */
export function clientAddress(
  headers: Headers,
  domainName: string,
  base: string,
): { readonly apiHost: string; readonly protocol: string } {
  const host =
    [headers['x-forwarded-host'], headers.host]
      .map(firstOf)
      .find((name) => name !== undefined && hostName.test(name)) ?? domainName;
  const protocol = firstOf(headers['x-forwarded-proto']) === 'http' ? 'http' : 'https';
  return { apiHost: `${host}${base}/v1`, protocol };
}

const hostName = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const firstOf = (list: string | undefined): string | undefined => list?.split(',', 1)[0]?.trim();
