import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { config as example } from '../../cdp.config.ts';
import { all, trait } from '../../lambdas/core/condition.ts';
import { type CdpConfigInput, InvalidConfig, parseConfig } from '../../lambdas/core/config.ts';
import { CdpStack } from '../../lib/cdp-stack.ts';
import { scratchApp } from './unbundled.ts';

const source = { id: 'site', kind: 'browser', writeKey: 'a-write-key' };
const hash = 'ec4a8afce6d7a687a0d80a0afea90e179cad2eddb345b477bb0f65919d82101c';
const segment = { key: 'vips', name: 'Very important', where: trait('vip').equals(true) };
const destination = { id: 'crm', kind: 'webhook', segments: ['vips'] };
const good = { sources: [source], segments: [segment], destinations: [destination] };

const fieldsOf = (config: unknown): readonly string[] => {
  try {
    parseConfig(config);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.fields;
    throw error;
  }
  return [];
};

describe('a configuration', () => {
  it.each([
    { name: 'the example', config: example },
    { name: 'one source alone', config: { sources: [source] } },
    { name: 'a hashed key', config: { sources: [{ id: 'site', kind: 'server', writeKeyHash: hash }] } },
    { name: 'nested conditions', config: { ...good, segments: [{ ...segment, where: all(trait('a').exists(), { not: trait('b').missing() }) }] } },
    { name: 'other limits', config: { ...good, identity: { limits: { email: { max: 2 } }, defaultLimit: 3 } } },
  ])('may be $name', ({ config }) => expect(fieldsOf(config)).toEqual([]));

  it.each([
    { flaw: 'nothing at all', config: undefined, field: 'configuration: ' },
    { flaw: 'no source', config: { sources: [] }, field: 'sources: at least one source is needed' },
    {
      flaw: 'two sources of one id',
      config: { sources: [source, { ...source, writeKey: 'another-key' }] },
      field: 'sources: source ids must be unique',
    },
    { flaw: 'two sources of one key', config: { sources: [source, { ...source, id: 'app' }] }, field: 'sources: write keys must be unique' },
    { flaw: 'a source without a key', config: { sources: [{ ...source, writeKey: undefined }] }, field: 'sources[0].writeKey: give either' },
    { flaw: 'a source with both keys', config: { sources: [{ ...source, writeKeyHash: hash }] }, field: 'sources[0].writeKey: give either' },
    { flaw: 'a hash that is none', config: { sources: [{ id: 'a', kind: 'server', writeKeyHash: 'abc' }] }, field: 'sources[0].writeKeyHash: ' },
    { flaw: 'an unknown kind of source', config: { sources: [{ ...source, kind: 'fridge' }] }, field: 'sources[0].kind: ' },
    { flaw: 'an id with a capital', config: { sources: [{ ...source, id: 'Site' }] }, field: 'sources[0].id: use lower-case' },
    { flaw: 'a country by its name', config: { sources: [{ ...source, defaultCountry: 'Norway' }] }, field: 'sources[0].defaultCountry: ' },
    {
      flaw: 'a misspelt property of a source',
      config: { sources: [{ ...source, wirteKey: 'x' }] },
      field: 'sources[0]: Unrecognized key: "wirteKey"',
    },
    { flaw: 'a misspelt property', config: { ...good, segmants: [] }, field: 'configuration: Unrecognized key: "segmants"' },
    { flaw: 'two segments of one key', config: { ...good, segments: [segment, segment] }, field: 'segments: segment keys must be unique' },
    { flaw: 'a limit of nought', config: { ...good, identity: { limits: { email: { max: 0 } } } }, field: 'identity.limits.email.max: ' },
    {
      flaw: 'two destinations of one id',
      config: { ...good, destinations: [destination, destination] },
      field: 'destinations: destination ids must',
    },
    {
      flaw: 'two destinations that only "-" tells apart',
      config: {
        ...good,
        destinations: [
          { ...destination, id: 'crm-1' },
          { ...destination, id: 'crm1' },
        ],
      },
      field: 'destinations: destination ids must',
    },
    {
      flaw: 'a destination without segments',
      config: { ...good, destinations: [{ ...destination, segments: [] }] },
      field: 'destinations[0].segments: ',
    },
    {
      flaw: 'a destination for an unknown segment',
      config: { ...good, destinations: [{ ...destination, segments: ['vips', 'vip'] }] },
      field: 'destinations[0].segments[1]: no segment has the key "vip"; known: vips',
    },
    {
      flaw: 'an unknown operator',
      config: { ...good, segments: [{ ...segment, where: { trait: 'age', operator: 'biggerThan', value: 3 } }] },
      field: 'segments[0].where',
    },
    {
      flaw: 'a number compared as text',
      config: { ...good, segments: [{ ...segment, where: { trait: 'age', operator: 'atLeast', value: '3' } }] },
      field: 'segments[0].where',
    },
  ])('with $flaw names the field', ({ config, field }) => {
    const fields = fieldsOf(config);
    expect(fields.filter((found) => found.startsWith(field))).toHaveLength(1);
  });

  it('with several flaws names them all', () => {
    expect(fieldsOf({ ...good, sources: [{ ...source, kind: 'fridge', id: 'Site' }] })).toHaveLength(2);
  });
});

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
    expect(() => new CdpStack(scratchApp(), 'Cdp', { config: { sources } })).toThrow('sources: write keys must be unique');
  });

  it('fails before anything of the platform is made', () => {
    const stack = new Stack(scratchApp(), 'Empty');
    expect(() => new CdpStack(stack, 'Cdp', { config: { sources: [] } })).toThrow(InvalidConfig);
    expect(stack.node.findAll().filter(({ node }) => node.path.includes('Encryption'))).toEqual([]);
  });
});
