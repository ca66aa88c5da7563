import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { ForbiddenAddress, isPublicAddress, publicLookup } from '../../../lambdas/adapters/egress/addresses.ts';
import { agentFor, egressRefusal } from '../../../lambdas/adapters/egress/agents.ts';

describe('addresses', () => {
  it.each(['8.8.8.8', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    'not an address',
    '',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a URL', () => {
  const route = { allowedPrivateHosts: ['127.0.0.1:4599', 'hooks.internal:443', '[::1]:8443'], deadline: 0 };
  const agent = (url: URL) => agentFor(url, route);
  it.each([
    'https://example.com/hook',
    'https://8.8.8.8/hook',
    'http://127.0.0.1:4599/hook',
    'https://hooks.internal/hook',
    'https://[::1]:8443/hook',
  ])('%s may be called', (url) => expect(agent(new URL(url))).toBeDefined());
  it.each([
    'http://example.com/hook',
    'https://127.0.0.1/hook',
    'https://127.1/hook',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:4600/hook',
    'ftp://example.com/',
  ])('%s may not', (url) => expect(() => agent(new URL(url))).toThrow(ForbiddenAddress));
});

describe('a name', () => {
  const lookup = (hostname: string) =>
    new Promise<string | LookupAddress[]>((resolve, reject) =>
      publicLookup(hostname, {}, (error, address) => (error ? reject(error) : resolve(address))),
    );
  it('that leads to a private address is refused', () => expect(lookup('localhost')).rejects.toThrow(ForbiddenAddress));
});

it.each([
  { url: 'https://localhost/', allowed: [], refusal: 'the host name leads to a private address' },
  { url: 'http://example.com/', allowed: [], refusal: 'the URL must begin with https:, not http:' },
  { url: 'http://localhost:80/', allowed: ['localhost:80'], refusal: undefined },
  { url: 'https://nowhere.invalid/', allowed: [], refusal: undefined },
])('says before a delivery why $url would be refused: $refusal', async ({ url, allowed, refusal }) =>
  expect(await egressRefusal(new URL(url), allowed)).toBe(refusal),
);
