import { expect, it } from 'vitest';
import { type InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { programOf } from '../../../lambdas/core/segments/program/compile.ts';
import { configOf } from '../../fixtures/events.ts';

const ads = { key: 'ads', name: 'Ads', kind: 'advertising' };
const profiling = { key: 'profiling', name: 'Profiling', kind: 'profiling' };
const vips = { key: 'vips', name: 'VIPs', where: { trait: 'vip', operator: 'equals', value: true } };
const orders = { key: 'orders', compute: { kind: 'count', event: 'Order Completed' } };

function flawsOf(fields: object): readonly string[] {
  try {
    configOf(fields);
    return [];
  } catch (error) {
    return (error as InvalidConfig).fields;
  }
}

it.each([
  { fields: { purposes: [{ ...ads, default: 'granted' }] }, flaw: /^purposes\[0\]\.default: must be "denied" .*got/ },
  { fields: { purposes: [ads, ads] }, flaw: /^purposes\[1\]\.key: must be unique; got "ads" again$/ },
  { fields: { purposes: [{ ...ads, key: 'Ads' }] }, flaw: /^purposes\[0\]\.key: use lower-case letters/ },
  { fields: { purposes: [{ ...ads, tcf: [12] }] }, flaw: /^purposes\[0\]\.tcf\[0\]: .*got 12$/ },
  {
    fields: { purposes: [{ ...ads, categories: ['@gpc'] }] },
    flaw: /^purposes\[0\]\.categories\[0\]: must be no category/,
  },
  {
    fields: { destinations: [{ id: 'hook', kind: 'webhook', events: {}, uses: ['mail'] }], purposes: [ads] },
    flaw: /^destinations\[0\]\.uses\[0\]: no purpose has the key "mail"; known: ads$/,
  },
  { fields: { segments: [{ ...vips, uses: ['ads'] }] }, flaw: /^segments\[0\]\.uses\[0\]: .*known: none$/ },
  {
    fields: { traits: [{ ...orders, uses: [1] }] },
    flaw: /^traits\[0\]\.uses\[0\]: must be the key of a purpose; got 1$/,
  },
  {
    fields: { purposes: [ads], segments: [{ ...vips, of: 'accounts', uses: ['ads'] }] },
    flaw: /^segments\[0\]\.uses: must be empty for accounts/,
  },
  {
    fields: {
      purposes: [ads],
      traits: [{ ...orders, uses: ['ads'] }],
      segments: [{ ...vips, where: { not: { trait: 'orders', operator: 'atLeast', value: 1 } } }],
    },
    flaw: /^segments\[0\]\.uses: must name ads as well: it reads the computed trait "orders"; got none$/,
  },
  {
    fields: { traits: [{ ...orders, allowed: { knownFor: '1d' } }] },
    flaw: /^traits\[0\]\.allowed: must hold conditions of consent alone$/,
  },
])('refuses $fields', ({ fields, flaw }) => expect(flawsOf(fields)).toEqual([expect.stringMatching(flaw)]));

it('leaves a configuration without purposes as it is', () => {
  const plain = configOf({ segments: [vips], traits: [orders] });
  expect(plain.segments[0]).toEqual(vips);
  expect(plain.traits[0]).toEqual(orders);
});

it('gives profiling to all definitions of people that do not decline it, once however often it is read', () => {
  const config = configOf({
    purposes: [ads, profiling],
    segments: [
      vips,
      { ...vips, key: 'ads', uses: ['ads'] },
      { ...vips, key: 'list', uses: [] },
      { ...vips, key: 'firms', of: 'accounts' },
    ],
    traits: [orders],
  });
  const rules = config.segments.map(
    ({ where }) => JSON.stringify(where).match(/"consent":"(\w+)","is":"granted"/g) ?? [],
  );
  expect(rules.map(({ length }) => length)).toEqual([1, 2, 0, 0]);
  expect(JSON.stringify(config.traits[0])).toContain('"consent":"profiling","is":"granted"');
  expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  expect(programOf(parseConfig(config)).id).toBe(programOf(config).id);
});
