import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isPrivateLiteral } from '../../../lambdas/adapters/egress/addresses.ts';

describe('an address that Node connects to without a lookup', () => {
  it.each([
    '127.0.0.1',
    '[::1]',
    '::1%a-b',
    'fe80::1%eth0.1',
    'fd00:ec2::254%a:b',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
  ])('%s is refused', (host) => {
    expect(isIP(host.replace(/[[\]]/g, ''))).not.toBe(0);
    expect(isPrivateLiteral(host)).toBe(true);
  });

  it.each(['203.0.114.1', '2606:4700::1111', 'example.com', 'localhost'])('%s is not, or is looked up', (host) =>
    expect(isPrivateLiteral(host)).toBe(false),
  );
});
