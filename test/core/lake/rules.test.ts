import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { normalizePhone } from '../../../lambdas/core/identifiers/phone.ts';
import { columnFlaws } from '../../../lambdas/core/lake/columns.ts';
import { LakeRules } from '../../../lambdas/core/lake/rules.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

const sources = [{ id: 'shop', kind: 'server', writeKey: 'some-write-key' }];
const trial = { name: 'trial', steps: ['Signed Up', 'Trial Started'], days: 14 };
const fieldsOf = (lake: unknown): readonly string[] => {
  try {
    parseConfig({ sources, lake });
    return [];
  } catch (error) {
    return (error as InvalidConfig).fields;
  }
};

describe('the rules of the lake', () => {
  it('have defaults that clean what everybody sends', () => {
    const { standardize, enrich } = parseConfig({ sources }).lake;
    expect(standardize.map(({ as, column }) => `${as} ${column}`)).toEqual([
      'email email',
      'phone phone',
      'country country',
      'currency currency',
    ]);
    expect(enrich).toEqual({ userAgent: true, campaign: true, referrer: { internal: [] } });
  });

  it('may be those that the jobs are tested with', () => {
    const { countries: _, ...lake } = JSON.parse(readFileSync('test/fixtures/lake-config.json', 'utf8')) as Record<
      string,
      unknown
    >;
    expect(fieldsOf(lake)).toEqual([]);
  });

  it.each([
    [{ columns: [{ name: 'Size', type: 'string', from: 'properties.size', meaning: 'Size' }] }, 'lake.columns[0].name'],
    [{ columns: [{ name: 'size', type: 'text', from: 'properties.size', meaning: 'Size' }] }, 'lake.columns[0].type'],
    [{ columns: [{ name: 'size', type: 'string', from: 'userId', meaning: 'Size' }] }, 'lake.columns[0].from'],
    [{ columns: [{ name: 'size', type: 'string', from: 'properties.size' }] }, 'lake.columns[0].meaning'],
    [{ standardize: [{ as: 'upper', column: 'email' }] }, 'lake.standardize[0].as'],
    [{ standardize: [{ as: 'date', column: 'email', formats: [] }] }, 'lake.standardize[0].formats'],
    [
      { standardize: [{ as: 'date', column: 'email', formats: ['dd.MM.yyyy', 'DD.MM.YYYY'] }] },
      'lake.standardize[0].formats[1]',
    ],
    [{ standardize: [{ as: 'phone', column: 'phone', country: 'de' }] }, 'lake.standardize[0].country'],
    [{ missing: [{ action: 'default', column: 'country' }] }, 'lake.missing[0].value'],
    [{ enrich: { country: { database: 'countries.csv' } } }, 'lake.enrich.country.database'],
    [
      { derive: [{ kind: 'bucket', column: 'b', of: ['price'], bounds: [1, 2], labels: ['low', 'high'] }] },
      'lake.derive[0].labels',
    ],
    [
      { derive: [{ kind: 'bucket', column: 'b', of: ['price'], bounds: [2, 1], labels: ['a', 'b', 'c'] }] },
      'lake.derive[0].bounds',
    ],
    [{ marts: { sessionMinutes: 0 } }, 'lake.marts.sessionMinutes'],
    [{ marts: { lookbackDays: 1.5 } }, 'lake.marts.lookbackDays'],
    [{ marts: { funnels: [{ name: 'trial', steps: [], days: 7 }] } }, 'lake.marts.funnels[0].steps'],
    [{ marts: { funnels: [trial, trial] } }, 'lake.marts.funnels'],
    [{ derive: [{ kind: 'eval', column: 'b', of: ['price'] }] }, 'lake.derive[0].kind'],
  ])('refuse %j, naming the field', (lake, field) => {
    expect(fieldsOf(lake).map((text) => text.split(':')[0])).toEqual([field]);
  });
});

const texts = ['email', 'phone', 'country', 'currency', 'user_id', 'message_id', 'event_id'].map(
  (name) => [name, 'string'] as const,
);
const standard = new Map<string, string>([
  ...texts,
  ['price', 'decimal(18,4)'],
  ['quantity', 'double'],
  ['timestamp', 'timestamp'],
  ['event', 'string'],
  ['name', 'string'],
  ['product_ids', 'array<string>'],
]);

describe('columns that rules name', () => {
  const flaws = (lake: unknown) =>
    columnFlaws(LakeRules.parse(lake), standard).map(({ path, message }) => `${path.join('.')}: ${message}`);

  it('are there, declared or derived before', () => {
    const size = { name: 'size', type: 'string', from: 'properties.size', meaning: 'Size' };
    expect(
      flaws({
        columns: [size],
        missing: [
          { action: 'unknown', column: 'size' },
          { action: 'default', column: 'price', value: 0 },
          { action: 'default', column: 'timestamp', value: '2026-05-01T00:00:00Z' },
          { action: 'drop', column: 'user_id' },
        ],
        derive: [
          { kind: 'product', column: 'amount', of: ['price', 'quantity'] },
          { kind: 'sum', column: 'twice', of: ['amount', 'amount'] },
        ],
      }),
    ).toEqual([]);
  });

  it.each([
    [
      { columns: [{ name: 'price', type: 'double', from: 'properties.p', meaning: 'Price' }] },
      'columns.0.name: the table already has a column "price"',
    ],
    [
      { standardize: [{ as: 'date', column: 'born', formats: ['yyyy'] }] },
      'standardize.0.column: the table has no column "born"',
    ],
    [{ missing: [{ action: 'drop', column: 'born' }] }, 'missing.0.column: the table has no column "born"'],
    [
      {
        derive: [
          { kind: 'lower', column: 'low', of: ['later'] },
          { kind: 'lower', column: 'later', of: ['email'] },
        ],
      },
      'derive.0.of.0: the table has no column "later"',
    ],
    [
      { columns: [{ name: 'rank', type: 'string', from: 'traits.rank', meaning: 'Rank' }] },
      'columns.0.name: the jobs use the name "rank" themselves',
    ],
    [
      { columns: [{ name: 'line_hash', type: 'string', from: 'traits.hash', meaning: 'Hash' }] },
      'columns.0.name: the jobs use the name "line_hash" themselves',
    ],
    [
      { derive: [{ kind: 'lower', column: 'verdict', of: ['email'] }] },
      'derive.0.column: the jobs use the name "verdict" themselves',
    ],
    [{ standardize: [{ as: 'email', column: 'user_id' }] }, 'standardize.0.column: "user_id" stays as it was received'],
    [
      { standardize: [{ as: 'email', column: 'event_id' }] },
      'standardize.0.column: "event_id" stays as it was received',
    ],
    [{ standardize: [{ as: 'country', column: 'event' }] }, 'standardize.0.column: "event" stays as it was received'],
    [{ missing: [{ action: 'unknown', column: 'name' }] }, 'missing.0.column: "name" stays as it was received'],
    [
      { standardize: [{ as: 'country', column: 'price' }] },
      'standardize.0.column: "price" has the type decimal(18,4), and must be string',
    ],
    [{ missing: [{ action: 'unknown', column: 'user_id' }] }, 'missing.0.column: "user_id" stays as it was received'],
    [
      { missing: [{ action: 'unknown', column: 'product_ids' }] },
      'missing.0.column: "product_ids" has the type array<string>, and must be string',
    ],
    [
      { missing: [{ action: 'default', column: 'price', value: 'much' }] },
      'missing.0.value: is not of the type of "price", decimal(18,4)',
    ],
    [
      { missing: [{ action: 'default', column: 'timestamp', value: 'soon' }] },
      'missing.0.value: is not of the type of "timestamp", timestamp',
    ],
    [
      { missing: [{ action: 'default', column: 'product_ids', value: 1 }] },
      'missing.0.value: is not of the type of "product_ids", array<string>',
    ],
    [{ derive: [{ kind: 'sum', column: 'all', of: ['product_ids'] }] }, 'derive.0.of.0: "product_ids" is a list'],
    [
      { derive: [{ kind: 'lower', column: 'email', of: ['email'] }] },
      'derive.0.column: the table already has a column "email"',
    ],
  ])('in %j are told', (lake, flaw) => expect(flaws(lake)).toEqual([flaw]));
});

describe('phone numbers', () => {
  const cases = sharedCases<{ text: string; country: string | null }, string | null>('phones');
  it.each(cases)('$name', ({ input: { text, country }, expected }) =>
    expect(normalizePhone(text, country ?? undefined) ?? null).toBe(expected),
  );
});
