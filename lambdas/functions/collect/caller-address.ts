import * as z from 'zod';
import type { GatewayRequest } from '../../core/apis/gateway-request.ts';

/** The parts of a request that hold the address of its caller. */
type Request = Pick<GatewayRequest, 'headers' | 'requestContext'>;

const Address = z.union([z.ipv4(), z.ipv6()]);

/**
 * The address of the person's device. It is the caller's address, or, behind trusted proxies, the address that the
 * outermost of them saw. Each proxy appends the address it saw to `X-Forwarded-For`. Entries further left come from the
 * client, so they are not trusted.
 */
export function callerAddress({ headers, requestContext }: Request, trustedProxies: number): string {
  const { sourceIp } = requestContext.http;
  if (trustedProxies === 0) return sourceIp;
  const forwarded = (headers['x-forwarded-for'] ?? '')
    .split(',')
    .map(bare)
    .filter((each) => each !== '');
  // API Gateway appends its caller as well.
  const seen = forwarded.at(-1) === sourceIp ? forwarded : [...forwarded, sourceIp];
  const address = seen[Math.max(0, seen.length - 1 - trustedProxies)];
  return Address.safeParse(address).success ? String(address) : sourceIp;
}

/** An address without the port or the brackets that some proxies write. */
const bare = (address: string): string =>
  address
    .trim()
    .replace(/^\[(.*)\](?::\d+)?$/, '$1')
    .replace(/^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/, '$1');
