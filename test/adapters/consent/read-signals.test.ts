import { GppModel } from '@iabgpp/cmpapi';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readSignals } from '../../../lambdas/adapters/consent/read-signals.ts';
import * as tcf from '../../../lambdas/adapters/consent/tcf.ts';
import { configOf } from '../../fixtures/events.ts';

/** Made by the published example of the IAB's specification; it consents to nothing. */
const none = 'CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The same with consent to some purposes, which are the bits from 152 on. */
function consenting(...purposes: readonly number[]): string {
  const bits = [...none]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(6, '0'))
    .join('')
    .split('');
  for (const purpose of purposes) bits[151 + purpose] = '1';
  return (bits.join('').match(/.{6}/g) ?? []).map((six) => letters[Number.parseInt(six, 2)]).join('');
}

const sections = (fields: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string => {
  const model = new GppModel();
  for (const [section, values] of Object.entries(fields))
    for (const [field, value] of Object.entries(values)) model.setFieldValue(section, field, value);
  return model.encode();
};
const { purposes } = configOf({
  purposes: [
    { key: 'ads', name: 'Ads', kind: 'advertising', tcf: [2, 4], gpp: ['sale', 'targetedAdvertising'] },
    { key: 'stats', name: 'Statistics', tcf: [8] },
  ],
});
const signalsOf = await readSignals(purposes);
const denied = { 'tcf:2': false, 'tcf:4': false, 'tcf:8': false };

describe('a string of TCF', () => {
  it.each([
    { name: 'that grants nothing', consent: { tcf: none }, expected: denied },
    {
      name: 'that grants some',
      consent: { tcf: consenting(1, 2, 8) },
      expected: { ...denied, 'tcf:2': true, 'tcf:8': true },
    },
    {
      name: 'with further segments',
      consent: { tcf: `${consenting(4)}.YAAAAAAAAAAA` },
      expected: { ...denied, 'tcf:4': true },
    },
    { name: 'that is no text', consent: { tcf: 7 }, expected: undefined },
    { name: 'that is not there', consent: { categoryPreferences: {} }, expected: undefined },
  ])('$name', ({ consent, expected }) => expect(signalsOf?.(consent)).toEqual(expected));
});

describe('a string of GPP', () => {
  it.each([
    {
      name: 'that opts out of a sale',
      gpp: sections({ usnat: { SaleOptOut: 1, TargetedAdvertisingOptOut: 2 } }),
      expected: { 'gpp:sale': false, 'gpp:targetedAdvertising': true },
    },
    { name: 'that answers one question', gpp: sections({ usva: { SaleOptOut: 2 } }), expected: { 'gpp:sale': true } },
    { name: 'that answers nothing', gpp: sections({ usca: { SaleOptOut: 0 } }), expected: {} },
    {
      name: 'with GPC',
      gpp: sections({ usca: { SaleOptOut: 2, Gpc: true } }),
      expected: { 'gpp:sale': false, 'gpp:targetedAdvertising': false },
    },
    {
      name: 'of two states, of which the stricter counts',
      gpp: sections({ usca: { SaleOptOut: 2 }, usva: { SaleOptOut: 1 } }),
      expected: { 'gpp:sale': false },
    },
    {
      name: 'with the section of Europe and the earlier one of the United States',
      gpp: `DBACNY~${consenting(2)}~1YNN`,
      expected: { ...denied, 'tcf:2': true, 'gpp:sale': true },
    },
  ])('$name', ({ gpp, expected }) => expect(signalsOf?.({ gpp })).toEqual(expected));

  it('beside one of TCF: the stricter counts', () =>
    expect(signalsOf?.({ gpp: `DBACNY~${consenting(2, 4)}~1YYN`, tcf: consenting(2) })).toEqual({
      ...denied,
      ...{ 'tcf:2': true, 'gpp:sale': false },
    }));
});

describe('a string that nobody can read', () => {
  const texts = [
    '',
    '?',
    'x',
    'DBAA',
    'DBACNY~',
    'DBABMA~!!!',
    'DBABMA~CPX',
    'C'.repeat(9_000),
    `${none.slice(0, 20)}`,
  ];
  /** A header that names more sections than a process could count: a range up to Fibonacci's number of 60 digits. */
  const endless = 'DBAB4AAAAAAAAAAAM~BVVV';

  it.each([...texts, endless])('%j says nothing', (text) => {
    expect(signalsOf?.({ tcf: text })).toEqual({});
    expect(signalsOf?.({ gpp: text })).toEqual({});
  });

  it('costs no event, whatever it is', () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...letters, '~', '.') }), fc.constant(none)),
        fc.nat(60),
        fc.string({ unit: fc.constantFrom(...letters, '~', '.'), maxLength: 300 }),
        (text, cut, rest) => {
          for (const field of ['tcf', 'gpp']) {
            const said = signalsOf?.({ [field]: text.slice(0, cut) + rest }) ?? {};
            expect(Object.values(said).every((each) => typeof each === 'boolean')).toBe(true);
          }
        },
      ),
    ));

  it('is read no further than its purposes, so that no list of vendors counts', () => {
    const vendors = consenting(2).slice(0, 35) + '_'.repeat(8_000);
    expect(signalsOf?.({ tcf: vendors })).toMatchObject({ 'tcf:2': true, 'tcf:4': false });
  });
});

describe('strings', () => {
  afterEach(() => vi.restoreAllMocks());

  it('are read once, as long as they are among the last thousand', async () => {
    const read = await readSignals(purposes);
    const decoded = vi.spyOn(await import('@iabtcf/core').then(({ TCString }) => TCString), 'decode');
    const text = (n: number) => `${none}.${n}`;
    for (let n = 0; n < 1_000; n++) read?.({ tcf: text(n) });
    for (let n = 0; n < 1_000; n++) read?.({ tcf: text(n) });
    expect(decoded).toHaveBeenCalledTimes(1_000);
    read?.({ tcf: text(1_000) });
    read?.({ tcf: text(1) });
    expect(decoded).toHaveBeenCalledTimes(1_001);
    read?.({ tcf: text(0) });
    expect(decoded).toHaveBeenCalledTimes(1_002);
  });

  it('are not read where no purpose is mapped to them', async () =>
    expect(await readSignals([{ ...purposes[1], tcf: undefined } as (typeof purposes)[number]])).toBeUndefined());

  it('of TCF have eleven purposes', () => expect(Object.keys(tcf.signalsOfTcf(none))).toHaveLength(11));
});
