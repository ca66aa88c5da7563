import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A request would have gone to an address that must not receive customer data. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  /** Survives clients that wrap the error of a connection. */
  readonly code = forbiddenCode;
  readonly reason: string;

  constructor(reason: string) {
    super(`request refused: ${reason}`);
    this.reason = reason;
  }
}

/** The code of every `ForbiddenAddress`. */
export const forbiddenCode = 'FORBIDDEN_ADDRESS';

/**
 * Whether an address is on the public internet; false for private, link-local, loopback, carrier and mapped addresses,
 * and for invalid ones.
 */
export const isPublicAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/** Whether a host is an address, and not a public one. */
export const isPrivateLiteral = (host: string): boolean => {
  const literal = bare(host);
  // Node connects without a lookup to what it reads as an address, also if its zone is odd: ::1%a-b.
  return (isIP(literal) !== 0 || ipaddr.isValid(literal)) && !isPublicAddress(literal);
};

/** A host without the brackets that a URL puts around an IPv6 address. */
export const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

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
