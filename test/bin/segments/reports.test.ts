import { describe, expect, it } from 'vitest';
import { daysReport, staysReport } from '../../../bin/segments/history.ts';
import { listReport } from '../../../bin/segments/list-report.ts';
import { type SegmentSize, sizeReport } from '../../../bin/segments/membership.ts';

const most = { aggregates: 64, bytes: 49_152 };

describe('the list of what is defined', () => {
  const vips = {
    key: 'vips',
    name: 'Important',
    reads: ['event A', 'trait b'],
    aggregates: 2,
    bytes: 80,
    isTimed: true,
  };

  it('is a table of segments, one of computed traits, and what both need', () =>
    expect(
      listReport({
        segments: [vips],
        traits: [{ ...vips, key: 'sum', aggregates: 1 }],
        aggregates: 3,
        bytes: 90,
        most,
      }),
    ).toBe(
      [
        'segment  changes by itself  aggregates  bytes  name       reads',
        '-------  -----------------  ----------  -----  ---------  ----------------',
        'vips     yes                         2     80  Important  event A, trait b',
        '',
        'computed trait  aggregates  bytes  name       reads',
        '--------------  ----------  -----  ---------  ----------------',
        'sum                      1     80  Important  event A, trait b',
        '',
        'Together they need 3 of 64 aggregates, and 90 of 49152 bytes of a profile at worst.',
      ].join('\n'),
    ));

  it('says that nothing is defined', () =>
    expect(listReport({ segments: [], traits: [], aggregates: 0, bytes: 0, most })).toMatch(/defines no segments\./));
});

describe('the sizes of segments', () => {
  const vips: SegmentSize = {
    ...{ segment: 'vips', name: 'Important', members: 25, share: 0.125, entered: 3, left: 2 },
    lastChange: '2026-01-11 10:00:00.000000 UTC',
  };

  it('are a table with their share of all people, also of those that are defined no more', () => {
    const [head = '', , first = '', second = '', ...rest] = sizeReport([vips, { ...vips, name: null }]).split('\n');
    expect(head).toMatch(/^segment +members +of all +entered in 7 days +left in 7 days +last change \(UTC\) +name$/);
    expect(first).toMatch(/^vips +25 +12\.5 % +3 +2 +2026-01-11 10:00:00\.000000 UTC +Important$/);
    expect(second).toMatch(/is defined no more$/);
    expect(rest.join('\n')).toContain('npm run status tells when');
  });

  it.each([
    { name: 'nothing is defined', sizes: [] },
    { name: 'no job has run', sizes: [{ ...vips, share: null, lastChange: null }] },
  ])('say what to do when $name', ({ sizes }) =>
    expect(sizeReport(sizes)).toContain('run npm run job -- events, then identities, profiles and marts'),
  );
});

describe('the history of a segment', () => {
  const at = '2026-01-11 10:00:00.000000 UTC';
  const stays = [
    { profileId: 'per_1', enteredAt: at, exitedAt: null },
    { profileId: 'per_2', enteredAt: at, exitedAt: at },
  ];
  const day = { day: '2026-01-11', entered: 3, left: 1, members: 2 };

  it('is a table of who entered and left when', () =>
    expect(staysReport('vips', stays, 3)).toBe(
      [
        'profile  entered (UTC)                   exited (UTC)',
        '-------  ------------------------------  ------------------------------',
        'per_1    2026-01-11 10:00:00.000000 UTC  is in',
        'per_2    2026-01-11 10:00:00.000000 UTC  2026-01-11 10:00:00.000000 UTC',
      ].join('\n'),
    ));

  it('is a table of days', () =>
    expect(daysReport('vips', [day], 2)).toBe(
      [
        'day (UTC)   entered  left  members',
        '----------  -------  ----  -------',
        '2026-01-11        3     1        2',
      ].join('\n'),
    ));

  it('says that it shows only the newest', () => {
    expect(staysReport('vips', stays, 2)).toMatch(/\n\nThe newest 2; --limit shows more\.$/);
    expect(daysReport('vips', [day], 1)).toMatch(/\n\nThe newest 1; --limit shows more\.$/);
  });

  it('says what to do when there is none', () =>
    expect([staysReport('vips', [], 9), daysReport('vips', [], 9)]).toEqual(
      Array(2).fill(expect.stringMatching(/^Nobody has entered vips in the lake\. .*npm run job/)),
    ));
});
