import { describe, expect, it } from 'vitest';
import { InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { webhooksIn, withKey } from '../../../lambdas/core/sources/definition.ts';
import { isMeant } from '../../../lambdas/core/sources/event-pattern.ts';

const stripe = { id: 'payments', kind: 'webhook', signature: { scheme: 'stripe' } };
const hmac = { id: 'desk', kind: 'webhook', signature: { scheme: 'hmac', header: 'X-Sign' } };
const track = { to: { type: 'track', event: 'x' } };
const fieldsOf = (source: object): readonly string[] => {
  try {
    parseConfig({ sources: [source] });
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.fields;
    throw error;
  }
};

describe('a source that signs', () => {
  it.each([
    { name: 'a vendor', source: stripe },
    { name: 'a vendor with mappings of its own alone', source: { ...stripe, preset: 'none', mappings: [track] } },
    { name: 'a declared signature', source: { ...hmac, mappings: [track], places: { entries: 'data.items' } } },
    { name: 'a declared signature with the preset of a vendor', source: { ...hmac, preset: 'hubspot' } },
    { name: 'an address of its own', source: { ...stripe, publicUrl: 'https://hooks.shop.example/cdp' } },
  ])('may be $name', ({ source }) => expect(fieldsOf(source)).toEqual([]));

  it.each([
    {
      flaw: 'an unknown scheme',
      source: { ...stripe, signature: { scheme: 'paypal' } },
      field: 'sources[0].signature.scheme',
    },
    { flaw: 'a write key', source: { ...stripe, writeKey: 'a-write-key' }, field: 'sources[0]' },
    { flaw: 'nothing that maps', source: hmac, field: 'sources[0].mappings' },
    { flaw: 'no preset and no mapping', source: { ...stripe, preset: 'none' }, field: 'sources[0].mappings' },
    {
      flaw: 'a mapping without a type',
      source: { ...stripe, mappings: [{ to: { event: 'x' } }] },
      field: 'sources[0].mappings[0].to.type',
    },
    { flaw: 'a pattern with a * inside', source: { ...stripe, ignore: ['a*b'] }, field: 'sources[0].ignore[0]' },
    {
      flaw: 'places of a vendor that has its own',
      source: { ...stripe, places: { type: 'kind' } },
      field: 'sources[0].places',
    },
    {
      flaw: 'an address without TLS',
      source: { ...stripe, publicUrl: 'http://hooks.shop.example' },
      field: 'sources[0].publicUrl',
    },
    {
      flaw: 'an address that ends in a slash',
      source: { ...stripe, publicUrl: 'https://a.example/' },
      field: 'sources[0].publicUrl',
    },
    {
      flaw: 'a tolerance of a year',
      source: { ...stripe, signature: { scheme: 'stripe', toleranceSeconds: 1e8 } },
      field: 'sources[0].signature.toleranceSeconds',
    },
    {
      flaw: 'a tolerance of what is not signed',
      source: { ...stripe, signature: { scheme: 'github', toleranceSeconds: 60 } },
      field: 'sources[0].signature',
    },
  ])('is refused with $flaw', ({ source, field }) => {
    const fields = fieldsOf(source);
    expect(fields.length).toBeGreaterThan(0);
    for (const each of fields) expect(each).toContain(`${field}: `);
  });

  it('has no write key, and a source with a key does not sign', () => {
    const { sources } = parseConfig({ sources: [stripe, { id: 'web', kind: 'browser', writeKey: 'a-write-key' }] });
    expect([withKey(sources), webhooksIn(sources)].map((found) => found.map(({ id }) => id))).toEqual([
      ['web'],
      ['payments'],
    ]);
  });
});

it.each([
  { patterns: ['invoice.paid'], type: 'invoice.paid', meant: true },
  { patterns: ['invoice.paid'], type: 'invoice.paid_out', meant: false },
  { patterns: ['invoice.*'], type: 'invoice.paid', meant: true },
  { patterns: ['invoice.*'], type: 'invoices', meant: false },
  { patterns: ['a', '*'], type: '', meant: true },
  { patterns: [], type: 'a', meant: false },
])('$patterns means $type: $meant', ({ patterns, type, meant }) => expect(isMeant(patterns, type)).toBe(meant));
