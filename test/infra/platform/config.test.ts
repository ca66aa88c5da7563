import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { type CdpConfigInput, InvalidConfig } from '../../../lambdas/core/config/config.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { scratchApp } from '../unbundled.ts';

const source = { id: 'site', kind: 'browser', writeKey: 'a-write-key' };
const hash = 'ec4a8afce6d7a687a0d80a0afea90e179cad2eddb345b477bb0f65919d82101c';
const segment = { key: 'vips', name: 'Very important', where: trait('vip').equals(true) };
const destination = { id: 'crm', kind: 'webhook', segments: ['vips'] };
const good = { sources: [source], segments: [segment], destinations: [destination] };

describe('synthesis', () => {
  it('fails with the field and what was wrong', () => {
    const config = { ...good, destinations: [{ ...destination, segments: ['vip'] }] } as CdpConfigInput;
    expect(() => new CdpStack(scratchApp(), 'Cdp', { config })).toThrow(
      'cdp.config.ts is not valid:\n  - destinations[0].segments[0]: no segment has the key "vip"; known: vips',
    );
  });

  it('fails when one key is given in the clear and as its hash', () => {
    const sources: CdpConfigInput['sources'] = [
      { id: 'site', kind: 'browser', writeKey: 'shop-backend-write-key' },
      { id: 'app', kind: 'server', writeKeyHash: hash },
    ];
    expect(() => new CdpStack(scratchApp(), 'Cdp', { config: { sources } })).toThrow(
      'sources: write keys must be unique',
    );
  });

  it('fails before anything of the platform is made', () => {
    const stack = new Stack(scratchApp(), 'Empty');
    expect(() => new CdpStack(stack, 'Cdp', { config: { sources: [] } })).toThrow(InvalidConfig);
    expect(stack.node.findAll().filter(({ node }) => node.path.includes('Encryption'))).toEqual([]);
  });
});
