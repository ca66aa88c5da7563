import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkReport } from '../../bin/imports/check-report.ts';
import { statusReport } from '../../bin/imports/status-report.ts';
import { checkImport } from '../../lambdas/operations/check-import.ts';
import { importStatus } from '../../lambdas/operations/import-status.ts';

const now = Date.parse('2026-05-01T10:00:00Z');
const path = (path: string) => ({ '@path': path });
const sources = [
  {
    id: 'showroom',
    kind: 'files' as const,
    objects: [
      {
        object: 'visits',
        rows: 'events' as const,
        key: ['visit'],
        time: 'at',
        columns: { at: 'time' as const },
        mappings: [
          { to: { type: 'track', event: 'Showroom Visited', context: { traits: { email: path('$.row.email') } } } },
        ],
      },
    ],
  },
  {
    id: 'crm',
    kind: 'files' as const,
    format: 'ndjson' as const,
    objects: [
      {
        object: 'contacts',
        rows: 'records' as const,
        key: ['id'],
        mappings: [{ to: { type: 'identify', userId: path('$.id'), traits: path('$.changed') } }],
      },
      { object: 'notes', rows: 'events' as const, mappings: [] },
    ],
  },
];
const folder = mkdtempSync(join(tmpdir(), 'check-'));
function check(text: string | Buffer, request: { readonly sourceId: string; readonly object?: string }) {
  const file = join(folder, 'file');
  writeFileSync(file, text);
  return checkImport({ sources }, { path: file, shards: 1, now, ...request });
}

describe('a check', () => {
  it('says what rows become, whom they name and where faults are', async () => {
    const visits = Array.from({ length: 1_500 }, (_, n) => `v${n},2026-04-30T10:00:00Z,p${n}@shop.example`);
    visits[3] = 'v3,soon,p3@shop.example';
    visits[5] = 'v5,2026-04-30T10:00:00Z,nobody';
    visits[9] = 'v9,2027-04-30T10:00:00Z,p9@shop.example';
    const checked = await check(gzipSync(`visit,at,email\n${visits.join('\n')}\n`), { sourceId: 'showroom' });
    expect(checkReport('visits.csv.gz', checked)).toEqual([
      'visits.csv.gz: 1500 rows of visits; 1497 are good, 3 would go to quarantine',
      'Quarantine:',
      expect.stringMatching(/^ {2}1 {2}column at is no time +line 5 \(byte 135\)$/),
      expect.stringMatching(/^ {2}1 {2}names nobody: it needs a userId, .+ line 7 \(byte 199\)$/),
      expect.stringMatching(/^ {2}1 {2}timestamp is more than a day after the start .+ line 11 \(byte 350\)$/),
      'Calls:',
      '  1497  track Showroom Visited',
      'Calls that name a person by:',
      '  1497  email',
      'Sending takes 3 s, if no other import runs.',
    ]);
  });

  it('takes each record for a new one', async () => {
    const lines = '{"id":"1","email":"a@b.example"}\n{"email":"c@d.example"}\n';
    const checked = await check(lines, { sourceId: 'crm', object: 'contacts' });
    expect(checked).toMatchObject({ isRecords: true, tally: { rows: 2, good: 1, bad: 1 } });
    expect(checked.calls).toEqual(new Map([['identify', 1]]));
    expect(checked.identifiers).toEqual(
      new Map([
        ['user_id', 1],
        ['email', 1],
      ]),
    );
  });

  it('says why nothing of a file would be sent', async () => {
    const checked = await check('visit,email\n1,a@b.example\n', { sourceId: 'showroom' });
    expect(checkReport('x.csv', checked)[1]).toBe(
      'Nothing would be sent: the file has no column at; it has visit, email',
    );
    const bad = await check(`visit,at\n${'1\n'.repeat(101)}`, { sourceId: 'showroom' });
    expect(checkReport('x.csv', bad)[1]).toMatch(/^Nothing would be sent: the file 101 of 101 rows are bad/);
  });

  it.each([
    { request: { sourceId: 'shop' }, why: 'no source of kind files has the id shop' },
    { request: { sourceId: 'crm' }, why: 'if it has several objects, say --object' },
    {
      request: { sourceId: 'crm', object: 'leads' },
      why: 'must be in the folder of an object of crm: contacts, notes',
    },
  ])('of $request says that there is none', async ({ request, why }) =>
    expect(check('', request)).rejects.toThrow(why),
  );
});

it('the status of files tells sent from sending', async () => {
  const counts = { rows: 9, sent: 8, quarantined: 1, untold: 0, events: 8 };
  const about = { source: 'showroom', rows: 9, good: 8, bad: 1 };
  const files = [
    { ...about, file: 'imports/files/showroom/a.csv', state: 'staged' as const, load: 'one', pieces: 1 },
    { ...about, file: 'imports/files/showroom/b.csv', state: 'staged' as const, load: 'two', pieces: 2 },
    { ...about, file: 'imports/files/showroom/c.csv', state: 'staged' as const, load: 'two', pieces: 2, records: true },
    { ...about, file: 'imports/files/showroom/d.csv', state: 'refused' as const, reason: 'is empty' },
    { source: 'showroom', file: 'imports/files/showroom/e.csv', state: 'large' as const, reason: 'is large' },
    { ...about, file: 'imports/files/showroom/f.csv', state: 'known' as const },
  ];
  const told = await importStatus({ newest: async () => files }, async () => ({ counts, done: 1 }));
  expect(statusReport(told)).toEqual([
    'file                          state              rows  sent  quarantined  why',
    '----------------------------  -----------------  ----  ----  -----------  --------',
    'imports/files/showroom/a.csv  sent                  9     8            1',
    'imports/files/showroom/b.csv  sending               9     8            1',
    'imports/files/showroom/c.csv  compared by a job     9     8            1',
    'imports/files/showroom/d.csv  refused               9                     is empty',
    'imports/files/showroom/e.csv  split by a job                              is large',
    'imports/files/showroom/f.csv  known                 9',
  ]);
  expect(statusReport([])).toEqual(['No file was imported.']);
});
