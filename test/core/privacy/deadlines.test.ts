import { describe, expect, it } from 'vitest';
import { InvalidConfig } from '../../../lambdas/core/config/config.ts';
import { defaultRetention } from '../../../lambdas/core/contract/retention.ts';
import { answerBy, Deadlines, dueOf, standingOf } from '../../../lambdas/core/privacy/deadlines.ts';
import type { StoredRequest } from '../../../lambdas/core/privacy/request.ts';
import { canGoOn } from '../../../lambdas/core/privacy/waiting-stores.ts';
import { configOf } from '../../fixtures/events.ts';

const deadlines = Deadlines.parse({});
const stored: StoredRequest = {
  ...{ requestId: 'r1', type: 'erasure', regulation: 'gdpr', state: 'waiting', keys: ['k1'], profileIds: ['p1'] },
  ...{ submittedAt: '2026-01-01T00:00:00.000Z', receivedAt: '2026-01-02T00:00:00.000Z' },
  answerBy: '2026-01-29T00:00:00.000Z',
};

describe('when a request must be answered', () => {
  it.each([
    { regulation: 'gdpr' as const, given: {}, due: '2026-02-28T00:00:00.000Z' },
    { regulation: 'ccpa' as const, given: {}, due: '2026-03-17T00:00:00.000Z' },
    { regulation: 'gdpr' as const, given: { gdprDays: 10 }, due: '2026-02-10T00:00:00.000Z' },
    { regulation: 'ccpa' as const, given: { ccpaDays: 15 }, due: '2026-02-15T00:00:00.000Z' },
  ])('$regulation, with $given', ({ regulation, given, due }) =>
    expect(
      answerBy({ type: 'erasure', regulation, submittedAt: '2026-01-31T00:00:00.000Z' }, Deadlines.parse(given)),
    ).toBe(due),
  );

  // 31 January 2026 is a Saturday.
  it.each([
    { regulation: 'gdpr' as const, given: {}, asked: '2026-01-31T09:00:00.000Z', due: '2026-02-28T09:00:00.000Z' },
    { regulation: 'ccpa' as const, given: {}, asked: '2026-01-31T09:00:00.000Z', due: '2026-02-20T09:00:00.000Z' },
    { regulation: 'ccpa' as const, given: {}, asked: '2026-01-30T09:00:00.000Z', due: '2026-02-20T09:00:00.000Z' },
    { regulation: 'ccpa' as const, given: {}, asked: '2026-02-02T09:00:00.000Z', due: '2026-02-23T09:00:00.000Z' },
    // Sunday evening in Los Angeles is Monday in UTC, and Friday evening Saturday: the earlier end counts.
    { regulation: 'ccpa' as const, given: {}, asked: '2026-03-02T02:00:00.000Z', due: '2026-03-21T02:00:00.000Z' },
    { regulation: 'ccpa' as const, given: {}, asked: '2026-01-31T02:00:00.000Z', due: '2026-02-20T02:00:00.000Z' },
    {
      regulation: 'ccpa' as const,
      given: { ccpaDays: 9 },
      asked: '2026-01-31T09:00:00.000Z',
      due: '2026-02-09T09:00:00.000Z',
    },
  ])('an opt-out under $regulation, asked $asked, with $given', ({ regulation, given, asked, due }) =>
    expect(answerBy({ type: 'opt_out', regulation, submittedAt: asked }, Deadlines.parse(given))).toBe(due),
  );

  it.each([
    { privacy: { gdprDays: 29 }, flaw: /^privacy\.gdprDays: .*28; got 29$/ },
    { privacy: { gdprDays: 0 }, flaw: /^privacy\.gdprDays: .*got 0$/ },
    { privacy: { ccpaDays: 46 }, flaw: /^privacy\.ccpaDays: .*45; got 46$/ },
    { privacy: { alarmDays: 28 }, flaw: /^privacy\.alarmDays: .*got 28$/ },
    { privacy: { gdprDays: 7 }, flaw: /^privacy\.alarmDays: must be less than .*at most 6; got 7$/ },
    { privacy: { ccpaDays: 3, alarmDays: 4 }, flaw: /^privacy\.alarmDays: must be less than .*at most 2; got 4$/ },
    { privacy: { days: 3 }, flaw: /^privacy: .*days/ },
  ])('cannot be configured as $privacy', ({ privacy, flaw }) => {
    const parse = () => configOf({ privacy });
    expect(parse).toThrow(InvalidConfig);
    expect(() => configOf({ privacy })).toThrow(new RegExp(flaw.source.replace(/^\^/, '- '), 'm'));
  });
});

describe('how a request stands to its deadline', () => {
  it.each([
    { now: '2026-01-21T23:59:59.999Z', standing: 'later' },
    { now: '2026-01-22T00:00:00.000Z', standing: 'soon' },
    { now: '2026-01-29T00:00:00.000Z', standing: 'soon' },
    { now: '2026-01-29T00:00:00.001Z', standing: 'late' },
  ] as const)('at $now: $standing', ({ now, standing }) => {
    expect(standingOf(stored, now, deadlines)).toBe(standing);
    expect(dueOf([stored], now, deadlines)).toHaveLength(standing === 'later' ? 0 : 1);
  });

  it.each([{ state: 'completed' }, { state: 'cancelled' }, { answeredAt: '2026-01-20T00:00:00.000Z' }] as const)(
    'needs no answer: %j',
    (news) => {
      const request = { ...stored, ...news };
      expect(standingOf(request, '2027-01-01T00:00:00.000Z', deadlines)).toBe('none');
      expect(dueOf([request], '2027-01-01T00:00:00.000Z', deadlines)).toEqual([]);
    },
  );
});

describe('whether a request can go on', () => {
  const now = '2026-01-10T12:00:00.000Z';
  it.each([
    { state: 'received', goesOn: true },
    { state: 'received', source: 'crm', goesOn: false },
    { state: 'running', source: 'crm', goesOn: true },
    { state: 'running', goesOn: true },
    { state: 'completed', goesOn: false },
    { state: 'cancelled', goesOn: false },
    { deleteAfter: '2026-01-10T12:00:00.001Z', goesOn: false },
    { deleteAfter: now, goesOn: true },
    // Its first receipts are still to be written.
    { deleteAfter: now, tableEmptiedAt: now, goesOn: true },
  ] as const)('%j', ({ goesOn, ...news }) =>
    expect(canGoOn({ ...stored, ...news }, now, { retention: defaultRetention, lake: {} })).toBe(goesOn),
  );
});
