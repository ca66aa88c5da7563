import { describe, expect, it } from 'vitest';
import { InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';

const sources = [
  { id: 'crm', kind: 'server' as const, writeKey: 'a-write-key' },
  { id: 'shop', kind: 'server' as const, writeKey: 'another-key' },
];
const traits = { given_name: 'first_name', surname: ['last_name', 'name.last'], postcode: 'address.postcode' };

const fieldsOf = (config: object): readonly string[] => {
  try {
    parseConfig({ sources, ...config });
  } catch (error) {
    if (error instanceof InvalidConfig) return error.fields;
    throw error;
  }
  return [];
};

describe('identity.matching', () => {
  const matching = (rules: object) => ({ identity: { matching: rules } });

  it('is off unless it is there', () => expect(parseConfig({ sources }).identity.matching).toBeUndefined());

  it('has its thresholds by default, and paths as lists', () => {
    expect(parseConfig({ sources, ...matching({ traits }) }).identity.matching).toEqual({
      traits: { given_name: ['first_name'], surname: ['last_name', 'name.last'], postcode: ['address.postcode'] },
      suggestAbove: 0.9,
      linkAbove: 0.99,
    });
  });

  it.each([
    { rules: { traits, suggestAbove: 0.99, linkAbove: 0.99 } },
    { rules: { traits: { email: 'email', phone: 'phone' } } },
    { rules: { traits: { full_name: 'name', birth_date: 'birthday' } } },
  ])('may be $rules', ({ rules }) => expect(fieldsOf(matching(rules))).toEqual([]));

  it.each([
    { flaw: 'no traits', rules: {}, field: 'identity.matching.traits: ' },
    {
      flaw: 'one kind of fact',
      rules: { traits: { email: 'email' } },
      field: 'identity.matching.traits: name the traits of at least two kinds of facts',
    },
    {
      flaw: 'an unknown kind',
      rules: { traits: { ...traits, shoe_size: 'shoe' } },
      field: 'identity.matching.traits: ',
    },
    {
      flaw: 'a path that ends in a dot',
      rules: { traits: { ...traits, city: 'address.' } },
      field: 'identity.matching.traits.city: ',
    },
    { flaw: 'no path', rules: { traits: { ...traits, city: [] } }, field: 'identity.matching.traits.city: ' },
    { flaw: 'a certainty', rules: { traits, linkAbove: 1 }, field: 'identity.matching.linkAbove: ' },
    { flaw: 'a percentage', rules: { traits, suggestAbove: 90 }, field: 'identity.matching.suggestAbove: ' },
    {
      flaw: 'less sure of links than of suggestions',
      rules: { traits, suggestAbove: 0.95, linkAbove: 0.9 },
      field: 'identity.matching.linkAbove: must be at least suggestAbove, 0.95; it is 0.9',
    },
    {
      flaw: 'a misspelt rule',
      rules: { traits, linkabove: 0.9 },
      field: 'identity.matching: Unrecognized key: "linkabove"',
    },
  ])('may not have $flaw', ({ rules, field }) => expect(fieldsOf(matching(rules))[0]).toContain(field));
});

describe('survivorship', () => {
  it('says nothing by default', () => expect(parseConfig({ sources }).survivorship).toEqual({}));

  it.each(['most_recent', 'most_frequent', 'most_complete'])('may keep the %s', (keep) =>
    expect(fieldsOf({ survivorship: { email: { keep } } })).toEqual([]),
  );

  it('may trust sources', () =>
    expect(fieldsOf({ survivorship: { email: { keep: 'most_trusted', sources: ['shop', 'crm'] } } })).toEqual([]));

  it.each([
    { flaw: 'another rule', rule: { keep: 'newest' }, field: 'survivorship.email.keep: ' },
    { flaw: 'trust without sources', rule: { keep: 'most_trusted' }, field: 'survivorship.email.sources: ' },
    { flaw: 'trust in nobody', rule: { keep: 'most_trusted', sources: [] }, field: 'survivorship.email.sources: ' },
    {
      flaw: 'a source there is not',
      rule: { keep: 'most_trusted', sources: ['crm', 'erp'] },
      field: 'survivorship.email.sources[1]: no source has the id "erp"; known: crm, shop',
    },
    {
      flaw: 'a source twice',
      rule: { keep: 'most_trusted', sources: ['crm', 'crm'] },
      field: 'survivorship.email.sources[1]: "crm" is listed twice',
    },
    {
      flaw: 'sources where none are asked',
      rule: { keep: 'most_recent', sources: ['crm'] },
      field: 'survivorship.email: Unrecognized key: "sources"',
    },
  ])('may not have $flaw', ({ rule, field }) =>
    expect(fieldsOf({ survivorship: { email: rule } })[0]).toContain(field),
  );
});
