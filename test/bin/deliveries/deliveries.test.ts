import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, groupsOf, latencyClass, millisecondsOf } from '../../../bin/deliveries/groups.ts';
import { countsSql } from '../../../bin/deliveries/lake.ts';
import { deliveriesReport } from '../../../bin/deliveries/report.ts';
import { beginning } from '../../../bin/deliveries/since.ts';
import { summarize } from '../../../bin/deliveries/summary.ts';
import { numRuns } from '../../fixtures/laws.ts';

const now = Date.parse('2026-05-02T12:00:00Z');
const hour = 3_600_000;
const line = (more: object) =>
  JSON.stringify({
    id: 'a',
    at: '2026-05-02T11:00:00.000Z',
    destination: 'crm',
    about: 'vip',
    outcome: 'delivered',
    ...more,
  });

describe('lines that the table does not have yet', () => {
  const all = { since: now - 24 * hour };
  it.each([
    {
      name: 'count with their latency',
      lines: [line({ requests: 1, milliseconds: 100 })],
      found: [{ latency: latencyClass(100), items: 1 }],
    },
    {
      name: 'count their items',
      lines: [line({ outcome: 'held', reason: 'rate_limited', items: 60 })],
      found: [{ outcome: 'held', items: 60, reason: 'rate_limited' }],
    },
    {
      name: 'are left out if they are nonsense',
      lines: ['no json', '{}', line({ outcome: 'lost' }), line({ at: 'noon' })],
      found: [],
    },
    { name: 'are left out before the span', lines: [line({ at: '2026-05-01T11:59:59.000Z' })], found: [] },
    { name: 'are left out if the table has them', lines: [line({ at: '2026-05-02T10:00:00.000Z' })], found: [] },
    {
      name: 'are chosen by destination',
      lines: [line({}), line({ destination: 'ads' })],
      wanted: { destination: 'ads' },
      found: [{ destination: 'ads' }],
    },
    {
      name: 'are chosen by outcome',
      lines: [line({}), line({ outcome: 'dead' })],
      wanted: { outcome: 'dead' },
      found: [{ outcome: 'dead' }],
    },
    { name: 'are chosen by segment', lines: [line({}), line({ about: 'new' })], wanted: { about: 'new' }, found: [{}] },
  ])('$name', ({ lines, wanted = {}, found }) =>
    expect(groupsOf(lines, { ...all, ...wanted }, now - 2 * hour)).toEqual(
      found.map((each) => expect.objectContaining(each)),
    ),
  );
});

it('classes of latency are at most 7 percent off, or a millisecond', () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (milliseconds) => {
      const shown = millisecondsOf(latencyClass(milliseconds));
      expect(Math.abs(shown - milliseconds)).toBeLessThanOrEqual(1 + 0.07 * milliseconds);
    }),
    { numRuns: numRuns(500) },
  ));

it('sums up what groups say, whatever their order, and percentiles are those of all attempts', () => {
  const group = fc.record({
    destination: fc.constantFrom('crm', 'ads'),
    outcome: fc.constantFrom('delivered' as const, 'dead' as const),
    reason: fc.constantFrom('', 'timeout'),
    latency: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
    items: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(group, { maxLength: 20 }), (groups: Group[]) => {
      const summaries = summarize(groups, []);
      expect(summarize(groups.toReversed(), [])).toEqual(summaries);
      for (const { destination, outcomes, latency } of summaries) {
        const own = groups.filter((each) => each.destination === destination);
        const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
        expect(total).toBe(own.reduce((sum, { items }) => sum + items, 0));
        const each = own
          .flatMap((one) => Array<number | undefined>(one.items).fill(one.latency))
          .filter((one) => one !== undefined);
        each.sort((a, b) => a - b);
        const at = (part: number) => millisecondsOf(each[Math.ceil(each.length * part) - 1] ?? 0);
        expect(latency).toEqual(each.length === 0 ? undefined : { p50: at(0.5), p90: at(0.9), p99: at(0.99) });
      }
    }),
    { numRuns: numRuns(300) },
  );
});

describe('--since', () => {
  it.each([
    ['90m', now - 1.5 * hour],
    ['24h', now - 24 * hour],
    ['7d', now - 168 * hour],
    ['2026-05-01T10:00:00Z', Date.parse('2026-05-01T10:00:00Z')],
    ['2026-05-01', Date.parse('2026-05-01')],
  ])('%s', (text, at) => expect(beginning(text, now)).toBe(at));
  it.each(['', 'yesterday', '24', '-1h', '0h', '2027-01-01', '2026-05-99'])('refuses "%s"', (text) =>
    expect(() => beginning(text, now)).toThrow(/--since is/),
  );
});

it('asks the table for no more than is wanted, whatever a name holds', () => {
  const sql = countsSql({ since: now, destination: 'crm', outcome: 'dead', about: "Ann's" });
  expect(sql).toContain(
    `WHERE at > TIMESTAMP '2026-05-02 12:00:00.000' AND destination = 'crm' AND outcome = 'dead' AND about = 'Ann''s'`,
  );
  expect(countsSql({ since: now })).toContain(`WHERE at > TIMESTAMP '2026-05-02 12:00:00.000'\n`);
});

describe('the report', () => {
  const told = { since: now - hour, until: undefined, unread: 0 };
  const waiting = [{ destination: 'CrmEu', waiting: 3, oldest: 90, deadLetters: 2 }];

  it('has a line for each destination, and the reasons', () => {
    const groups: Group[] = [
      { destination: 'crm-eu', outcome: 'delivered', reason: '', latency: latencyClass(100), items: 1_200 },
      { destination: 'crm-eu', outcome: 'retried', reason: 'server_error', latency: latencyClass(900), items: 7 },
    ];
    const text = deliveriesReport(summarize(groups, waiting), told);
    expect(text).toMatch(/crm-eu +1,200 +7 +\d+ +\d+ +\d+ +3 +90 s +2\n/);
    expect(text).toMatch(/crm-eu +retried +server_error +7\n/);
    expect(text).not.toContain('Nothing was delivered');
  });

  it('says what was told nothing, and why', () => {
    const groups: Group[] = [
      { destination: 'ads', outcome: 'filtered', reason: 'nothing_sent', latency: undefined, items: 12 },
    ];
    expect(deliveriesReport(summarize(groups, []), told)).toContain(
      'Nothing was delivered to ads: mostly filtered, nothing_sent.',
    );
  });

  it('says when there is nothing, and what waits all the same', () => {
    const text = deliveriesReport(summarize([], waiting), told);
    expect(text).toMatch(/^No attempts since 2026-05-02T11:00:00.000Z.\n/);
    expect(text).toMatch(/CrmEu +3 +90 s +2\n/);
    expect(deliveriesReport([], told)).toContain('The deployment has no destination.');
  });

  it('says what it did not read', () =>
    expect(deliveriesReport([], { ...told, until: now, unread: 3 })).toMatch(
      /until 2026-05-02T12.*\n3 of these objects are not read/,
    ));
});
