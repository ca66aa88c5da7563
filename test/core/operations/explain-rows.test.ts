import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import type { Explanation } from '../../../lambdas/core/operations/explain.ts';
import { namingRows, rowQueries, rowsIn } from '../../../lambdas/core/operations/explain-rows.ts';

const files = {
  id: 'crm',
  kind: 'files' as const,
  objects: [{ object: 'contacts', rows: 'records' as const, key: ['id'], mappings: [{ to: { type: 'identify' } }] }],
};
const web = { id: 'web', kind: 'browser' as const, writeKey: 'a-write-key' };
const { sources } = parseConfig({ sources: [web, files] });

const said = (source: string, messageId: string, day: string) => ({
  ...{ source, messageId, said: `${day}T08:00:00.000Z` },
  state: 'value' as const,
});
const trait = (source: string, messageId: string, day: string, others: ReturnType<typeof said>[] = []) => ({
  ...{ trait: 'city', rule: 'the last statement', others },
  ...said(source, messageId, day),
});
const explanation = (more: Partial<Explanation> = {}): Explanation => ({
  ...{ profileId: 'p', collection: 'users', createdAt: '', eventCount: 3, log: '' },
  ...{ identifiers: [], released: [], merges: [], apart: [], traits: [], notKept: [] },
  horizons: { traits: null, accounts: null, consent: null },
  ...more,
});

describe('rows of messages', () => {
  it('are asked for by the messages of sources of rows, from a day before the first on', () => {
    const traits = [
      trait('web', 'w1', '2026-01-01'),
      trait('crm', "c'1", '2026-03-02', [said('crm', 'c2', '2026-02-01'), said('web', 'w2', '2026-01-05')]),
    ];
    expect(rowQueries(explanation({ traits }), sources)).toEqual([
      'SELECT message_id, source_id, context FROM events ' +
        "WHERE received_at >= TIMESTAMP '2026-01-31 00:00:00' AND source_id IN ('crm') " +
        "AND message_id IN ('c''1', 'c2')",
    ]);
  });

  it('are asked for also by what linked and merged, whose source nobody knows', () => {
    const link = { identifier: 'email:a' as const, firstSeen: '', lastSeen: '', givenTo: null, rule: '' };
    const merge = { absorbed: 'q', into: null, rule: '', undoable: true };
    const more = {
      identifiers: [
        { ...link, linkedAt: '2026-02-03T00:00:00.000Z', messageId: 'l1' },
        { ...link, linkedAt: '2026-02-03T00:00:00.000Z', messageId: null },
      ],
      merges: [{ ...merge, at: '2026-02-05T00:00:00.000Z', messageId: 'g1' }],
    };
    const [sql = ''] = rowQueries(explanation(more as Partial<Explanation>), sources);
    expect(sql).toContain("TIMESTAMP '2026-02-02 00:00:00'");
    expect(sql).toContain("message_id IN ('l1', 'g1')");
  });

  it('are not asked for where no source has rows, or nothing was said', () => {
    const traits = [trait('web', 'w1', '2026-01-01')];
    expect(rowQueries(explanation({ traits }), sources.slice(0, 1))).toEqual([]);
    expect(rowQueries(explanation({ traits }), sources)).toEqual([]);
  });

  it('are asked for in several queries, for a text is limited', () => {
    const traits = Array.from({ length: 1_200 }, (_, n) => trait('crm', `c${n}`, '2026-03-02'));
    const queries = rowQueries(explanation({ traits }), sources);
    expect(queries.map((sql) => sql.match(/'c\d+'/g)?.length)).toEqual([500, 500, 200]);
  });

  it('are read from the context of their events, and those without a stamp are none', () => {
    const row = { object: 'contacts', id: '17', file: 'imports/files/crm/a.csv', line: 12 };
    const rows = rowsIn([
      ['c1', 'crm', JSON.stringify({ locale: 'de', row })],
      ['c2', 'crm', JSON.stringify({ locale: 'de' })],
      ['c3', 'crm', 'no json'],
      ['c4', 'crm', null],
      [null, null, null],
    ]);
    expect([...rows]).toEqual([['c1', row]]);
    const named = namingRows(
      explanation({ traits: [trait('crm', 'c1', '2026-03-02', [said('crm', 'c2', '2026-02-01')])] }),
      rows,
    );
    expect(named.traits[0]).toMatchObject({ messageId: 'c1', row });
    expect(named.traits[0]?.others[0]).not.toHaveProperty('row');
  });
});
