import http from 'node:http';
import https from 'node:https';
import { bare, ForbiddenAddress, isPrivateLiteral, publicLookup } from './addresses.ts';
import { hostAndPort, isAllowed, type Route } from './route.ts';
import { tunnelAgent } from './tunnel.ts';

/**
 * The agent for a URL: public hosts by HTTPS only; private ones only if the route allows their `host:port`. Connections
 * are not reused: one that idles while the function is frozen is dead afterwards, and a delivery would fail on it.
 * @throws ForbiddenAddress when the URL is not allowed
 */
export function agentFor(url: URL, route: Route): http.Agent | https.Agent {
  const [host = '', port = ''] = [url.hostname, hostAndPort(url).replace(/^.*:/, '')];
  if (isAllowed(host, port, route)) return url.protocol === 'https:' ? new https.Agent() : new http.Agent();
  if (url.protocol !== 'https:') throw new ForbiddenAddress(`the URL must begin with https:, not ${url.protocol}`);
  if (isPrivateLiteral(host)) throw new ForbiddenAddress('the address is private');
  return route.proxy === undefined ? new https.Agent({ lookup: publicLookup }) : tunnelAgent(new URL(route.proxy));
}

/**
 * Why requests to a URL would be refused; undefined if they are allowed, or if the name does not resolve in this
 * network.
 */
export async function egressRefusal(url: URL, allowedPrivateHosts: readonly string[]): Promise<string | undefined> {
  const route = { allowedPrivateHosts, deadline: Number.POSITIVE_INFINITY };
  try {
    agentFor(url, route);
    if (isAllowed(url.hostname, hostAndPort(url).replace(/^.*:/, ''), route)) return undefined;
    await new Promise<void>((resolve, reject) =>
      publicLookup(bare(url.hostname), { all: true }, (error) => (error ? reject(error) : resolve())),
    );
  } catch (error) {
    if (error instanceof ForbiddenAddress) return error.reason;
  }
  return undefined;
}
