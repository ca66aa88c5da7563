import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A request would have gone to an address that must not receive customer data. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  readonly reason: string;

  constructor(reason: string) {
    super(`request refused: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Whether an address is on the public internet; false for private, link-local, loopback, carrier and mapped addresses,
 * and for invalid ones.
 */
export const isPublicAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/**
 * Resolves a name once and connects to the checked address, so that a second DNS answer cannot redirect the request.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const forbidden = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (forbidden || !first) return callback(new ForbiddenAddress('the host name leads to a private address'), '', 0);
    if (options.all) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};

// Connections are not reused: one that idles while the function is frozen is dead afterwards, and a delivery would
// fail on it.
const guarded = new https.Agent({ lookup: publicLookup });
const privateHttp = new http.Agent();
const privateHttps = new https.Agent();

/**
 * The agent for a URL: public hosts by HTTPS only; private ones only if `allowedPrivateHosts` contains their
 * `host:port`.
 * @throws ForbiddenAddress when the URL is not allowed
 */
export const egressAgent =
  (allowedPrivateHosts: readonly string[]) =>
  (url: URL): http.Agent | https.Agent => {
    if (allowedPrivateHosts.includes(hostAndPort(url))) return url.protocol === 'https:' ? privateHttps : privateHttp;
    if (url.protocol !== 'https:') throw new ForbiddenAddress(`the URL must begin with https:, not ${url.protocol}`);
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (ipaddr.isValid(literal) && !isPublicAddress(literal)) throw new ForbiddenAddress('the address is private');
    return guarded;
  };

/** `host:port` of a URL, in the form of `allowedPrivateHosts`. */
export const hostAndPort = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;

/**
 * Why requests to a URL would be refused; undefined if they are allowed, or if the name does not resolve in this
 * network.
 */
export async function egressRefusal(url: URL, allowedPrivateHosts: readonly string[]): Promise<string | undefined> {
  try {
    if (egressAgent(allowedPrivateHosts)(url) !== guarded) return undefined;
    await new Promise<void>((resolve, reject) =>
      publicLookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true }, (error) => (error ? reject(error) : resolve())),
    );
  } catch (error) {
    if (error instanceof ForbiddenAddress) return error.reason;
  }
  return undefined;
}
