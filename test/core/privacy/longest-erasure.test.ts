import { describe, expect, it } from 'vitest';
import { defaultRetention } from '../../../lambdas/core/contract/retention.ts';
import { Deadlines } from '../../../lambdas/core/privacy/deadlines.ts';
import { longestErasure } from '../../../lambdas/core/privacy/longest-erasure.ts';
import { byRequest, daysOf } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';

const { gdprDays } = Deadlines.parse({});

describe('an erasure', () => {
  it('is completed within the month of the law, by the times that are set by default', () => {
    const { days, store } = longestErasure(defaultRetention);
    expect(days).toBeLessThanOrEqual(gdprDays);
    // Raw events: 21 days, three in which S3 deletes, and eight hours until the table is empty and somebody looks.
    expect([store.name, days]).toEqual(['raw events', 24 + 8 / 24]);
  });

  it.each(stores.filter(({ holds, erasedBy }) => holds !== undefined && !erasedBy.startsWith(byRequest)))(
    'waits for no store until the end of that month: $name',
    (store) => expect(daysOf(store, defaultRetention) ?? 0).toBeLessThan(gdprDays),
  );

  it.each([
    { set: { rawRetention: 30 }, store: 'raw events', days: 33 },
    { set: { recoveryWindow: 35 }, store: 'the profile table, its stream and its backups', days: 35 },
    { set: { logRetention: 30 }, store: 'logs of functions, jobs, deliveries and APIs', days: 33 },
    { set: { eventRetention: 365 }, store: 'the event stream', days: 365 },
    // Queries copy the lake’s tables until these are empty, after eleven days.
    { set: { rawRetention: 1, recoveryWindow: 1 }, store: 'query results', days: 21 },
  ])('takes as long as what a deployment keeps longest: $set', ({ set, store, days }) => {
    const longest = longestErasure({ ...defaultRetention, ...set });
    expect(longest.store.name).toBe(store);
    expect(longest.days).toBeCloseTo(days + 8 / 24, 9);
  });
});
