import { describe, expect, it } from 'vitest';
import { accessPage } from '../../../lambdas/core/access/page.ts';
import type { AccessReport } from '../../../lambdas/core/access/report.ts';
import { valuesIn, valuesOn } from '../../fixtures/access-page.ts';

const time = '2026-05-01T10:00:00.000Z';
const said = {
  source: 'shop',
  at: time,
  messageId: 'm1',
  isUsed: true,
  rule: 'the last statement',
  notKeptBytes: null,
};

/** A report about somebody who said one value, under one name. */
const reportOf = (trait: string, value: unknown): AccessReport => ({
  version: 1,
  request: { id: 'r1', regulation: 'gdpr', askedAt: time, filedAt: time },
  writtenAt: time,
  ...{ purposes: [], categories: [], recipients: [], retention: [], rights: [], complaint: [], sources: [] },
  limits: ['It does not have all.'],
  computedTraits: [{ profileId: 'p1', trait, value, rule: 'the number of "Paid"' }],
  segments: [
    {
      ...{ profileId: 'p1', segment: 'buyers', name: 'Buyers', since: time },
      logic: [
        {
          ...{ part: '1', rule: trait, isTrue: true, changesAt: null, values: [{ what: 'times', value }] },
          events: [{ event: trait, at: time, value }],
        },
      ],
    },
  ],
  people: [
    {
      ...{ profileId: 'p1', createdAt: time, firstSeen: time, lastSeen: time, eventCount: 1, isSuppressed: false },
      ...{ counters: 0, identifiers: [], released: [], consent: [], accounts: [], arrivals: [], latestEvents: [] },
      ...{ allowed: [], merged: [], elsewhere: 0 },
      traits: [{ trait, value, ...said }],
    },
  ],
  events: {
    ...{ knownUntil: time, problem: null, isWhole: true, refused: [] },
    rows: [
      {
        ...{ type: 'track', name: trait, at: time, receivedAt: time, source: 'shop', messageId: 'm1' },
        ...{ identifiers: [], account: null, traits: { [trait]: value }, context: [value], derived: null },
        properties: { nested: [{ [trait]: value }] },
      },
    ],
  },
});

/** Tags that the page itself is made of: nothing that acts, and no attribute that does. */
const own =
  /^<\/?(html|head|meta|title|style|body|h[1-3]|small|section|article|p|i|dl|dt|dd|ul|li|bdi|table|thead|tbody|tr|th|td)( (lang|charset|http-equiv|name|content|scope)="[^"<>]*")*>$/;

describe('a page of somebody who said', () => {
  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    'javascript:alert(1)',
    '<a href="javascript:alert(1)">you</a>',
    'data:text/html;base64,PHNjcmlwdD4=',
    '</bdi></td></table></style><svg/onload=alert(1)>',
    '<!-- --><![CDATA[ ]]> <?xml?>',
    '&lt;b&gt; &amp;amp; &#x3c;',
    '` onload=`alert(1)` {{constructor}}',
    'a\u0000b\u0007c\u001bd\u007fe\u0085f',
    '\u202egnp.exe\u202c \u2066left\u2069 \u200fאבג\u200e',
    'שלום עולם, مرحبا',
    'line\u2028break\u2029and\nmore\r\n\ttabs',
    'half \ud83d of a character',
    '👩‍👩‍👧 zero\u200bwidth\ufeff',
    'x'.repeat(100_000),
    '=cmd|calc!A1',
    '__proto__',
    '',
  ])('%j', (hostile) => {
    for (const report of [reportOf('name', hostile), reportOf(hostile, { [hostile]: [hostile, null, 1.5, true] })]) {
      const page = accessPage(report);
      expect(valuesOn(page).sort()).toEqual(valuesIn(JSON.parse(JSON.stringify(report))).sort());
      expect([...page.matchAll(/<[^>]*>?/g)].filter(([tag]) => !own.test(tag)).map(String)).toEqual([
        '<!doctype html>',
      ]);
      // Nothing that turns or hides text but the bounds of lines, which are the page's own.
      expect(page).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u);
    }
  });

  it('nothing: the headings of Article 15 are there in their order, with what is empty', () => {
    const page = accessPage({ ...reportOf('name', null), people: [] });
    const articles = [...page.matchAll(/Article (15\(\d\)(?:\([a-h]\))?)/g)].map(([, article]) => article);
    expect(articles).toEqual([...'abcdefgh'].map((letter) => `15(1)(${letter})`).concat('15(3)'));
    expect(page.match(/<p>none<\/p>/g)?.length).toBeGreaterThan(6);
    expect(page).toContain(`default-src 'none'`);
  });
});
