import { describe, expect, it } from 'vitest';
import { InvalidConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { expectedMinutes, expectedStep } from '../../../lambdas/core/sources/watched.ts';

const objects = [{ object: 'rows', rows: 'records', key: ['id'], mappings: [{ to: { type: 'identify' } }] }];
const events = [{ object: 'parcels', rows: 'events', topic: 'parcels' }];

/** A source of each kind. */
const kinds = {
  browser: { writeKey: 'a-write-key' },
  server: { writeKey: 'a-write-key' },
  batch: { writeKey: 'a-write-key' },
  webhook: { signature: { scheme: 'stripe' } },
  files: { objects },
  pull: { preset: 'hubspot' },
  database: { engine: 'mysql', database: 'shop', secret: 'shop', objects, reads: { rows: { table: 'orders' } } },
  kafka: { connection: { kind: 'brokers', brokers: ['kafka.example.com:9096'] }, objects: events },
  query: { sql: 'SELECT 1 AS id', objects },
};

function parsed(kind: keyof typeof kinds, more: object) {
  try {
    const { sources } = parseConfig({ sources: [{ id: 'shop', kind, ...kinds[kind], ...more } as never] });
    return { source: sources[0] };
  } catch (error) {
    if (error instanceof InvalidConfig) return { fields: error.fields };
    throw error;
  }
}

const all = Object.keys(kinds) as (keyof typeof kinds)[];

describe.each(all)('a source of kind %s', (kind) => {
  it('may say how long nothing may come, and how much may be refused', () =>
    expect(parsed(kind, { expectEvery: '1d', maxRefusedShare: 0.2 }).source).toMatchObject({
      expectEvery: '1d',
      maxRefusedShare: 0.2,
    }));

  it('is told which field is wrong', () => {
    expect(parsed(kind, { expectEvery: '1 day' }).fields?.join()).toContain('sources[0].expectEvery: use minutes');
    expect(parsed(kind, { maxRefusedShare: 5 }).fields?.join()).toContain('sources[0].maxRefusedShare');
  });
});

it.each([
  { expectEvery: '15m', minutes: 15, step: 5 },
  { expectEvery: '90m', minutes: 90, step: 5 },
  { expectEvery: '60m', minutes: 60, step: 60 },
  { expectEvery: '25h', minutes: 1_500, step: 60 },
  { expectEvery: '7d', minutes: 10_080, step: 60 },
] as const)('$expectEvery are $minutes minutes, looked at in steps of $step', ({ expectEvery, minutes, step }) => {
  expect(parsed('files', { expectEvery }).fields).toBeUndefined();
  expect([expectedMinutes(expectEvery), expectedStep(expectEvery)]).toEqual([minutes, step]);
});

it.each([
  { expectEvery: '8d', says: 'must be at most 7d, because an alarm of CloudWatch looks back no further' },
  { expectEvery: '200h', says: 'must be at most 7d' },
  { expectEvery: '10m', says: 'must be at least 15m' },
  { expectEvery: '17m', says: 'must be a multiple of 5 minutes' },
  { expectEvery: '1505m', says: 'must be whole hours when it is more than a day' },
  { expectEvery: '0d', says: 'use minutes, hours or days' },
  { expectEvery: '1w', says: 'use minutes, hours or days' },
  { expectEvery: '', says: 'use minutes, hours or days, such as "90m", "6h" or "1d"; got an empty text' },
  { expectEvery: 1, says: 'use minutes, hours or days, such as "90m", "6h" or "1d"; got a number' },
])('$expectEvery is refused: $says', ({ expectEvery, says }) =>
  expect(parsed('server', { expectEvery }).fields?.join()).toContain(`sources[0].expectEvery: ${says}`),
);
