import { expect, it } from 'vitest';
import { explanationReport } from '../../../bin/segments/explanation-report.ts';
import type { SegmentExplanation } from '../../../lambdas/core/operations/explain-segment.ts';
import type { Reason } from '../../../lambdas/core/segments/explanation/reason.ts';

const at = (minute: number): string => `2026-05-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const reason = (rule: string, isTrue: boolean, more: Partial<Reason> = {}): Reason => ({
  ...{ rule, isTrue, flipsAt: null, values: [], events: [], parts: [] },
  ...more,
});
const explanation = (more: Partial<SegmentExplanation>): SegmentExplanation => ({
  ...{ segment: 'vips', name: 'Very important', profileId: 'per_1', at: at(9), memberSince: at(1) },
  ...{ isDecidedByThese: true, lacksHistory: false, reason: reason('did "A"', true) },
  ...more,
});

it('is a tree of the parts, each with what decides it and when it changes', () => {
  const events = Array.from({ length: 12 }, (_, n) => ({ event: 'A', at: at(12 - n), mark: `mark-${n}`, value: n }));
  const parts = [
    reason('did "A" at least 2 times within 1h', true, {
      ...{ values: [{ what: 'times or more', value: 12 }], events, flipsAt: at(59) },
    }),
    reason('did "A" and then "B" within 1h', true, { events: [{ event: 'B', at: at(3), mark: null }] }),
    reason('has been known for 30d', false, { values: [{ what: 'trait x', value: null }], flipsAt: at(30) }),
  ];
  const lines = explanationReport(explanation({ reason: reason('any of', true, { flipsAt: at(59), parts }) })).split(
    '\n',
  );
  expect([...lines.slice(0, 9), ...lines.slice(-6)]).toEqual([
    `per_1 is in vips (Very important) at ${at(9)}`,
    `Without an event it leaves at ${at(59)}.`,
    `In the profile table it is in the segment since ${at(1)}.`,
    '',
    `yes  any of, until ${at(59)}`,
    `     yes  did "A" at least 2 times within 1h, until ${at(59)}`,
    '          times or more: 12',
    `          ${at(12)}  A  mark mark-0  0`,
    `          ${at(11)}  A  mark mark-1  1`,
    `          ${at(3)}  A  mark mark-9  9`,
    '          and 2 older ones',
    '     yes  did "A" and then "B" within 1h',
    `          ${at(3)}  B`,
    `     no   has been known for 30d, but from ${at(30)} on`,
    '          trait x: none',
  ]);
});

it.each([
  { given: {}, says: /^Without an event that does not change\.$/m },
  {
    given: { reason: reason('x', false) },
    says: /^per_1 is not in vips .*[\s\S]*since .*\. That changes within a minute/,
  },
  {
    given: { reason: reason('x', false, { flipsAt: at(9) }), memberSince: null },
    says: /^Without an event it enters at /m,
  },
  { given: { memberSince: null }, says: /does not have it in the segment\. That changes within a minute/ },
  {
    given: { isDecidedByThese: false },
    says: /other definitions than those of cdp\.config\.ts\. .*-- apply/,
  },
  {
    given: { lacksHistory: true, memberSince: null },
    says: /does not have it in the segment\.\nThat stays so until npm run segment -- apply has brought the events/,
  },
])('says what the profile table has: $says', ({ given, says }) =>
  expect(explanationReport(explanation(given))).toMatch(says),
);
