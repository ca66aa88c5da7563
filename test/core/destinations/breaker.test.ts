import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  admissionBy,
  type Breaker,
  type CallEnd,
  closedBreaker,
  judged,
  longestPause,
  mostFailures,
  mustRecord,
  probed,
  remembered,
} from '../../../lambdas/core/destinations/breaker.ts';
import { numRuns } from '../../fixtures/laws.ts';

const now = 1_000_000;
const minute = 60_000;
const following = (ends: readonly CallEnd[], breaker: Breaker = closedBreaker) => judged(breaker, ends, now);
const times = (end: CallEnd, count: number): CallEnd[] => Array(count).fill(end);

it.each<{ name: string; ends: CallEnd[]; opens: boolean }>([
  { name: 'nothing happened', ends: [], opens: false },
  { name: 'everything is taken', ends: times('taken', 100), opens: false },
  { name: '19 of the last 30 failed', ends: [...times('failed', 19), ...times('taken', 11)], opens: false },
  { name: '20 of the last 30 failed', ends: [...times('failed', 20), ...times('taken', 10)], opens: true },
  { name: '20 failed long ago', ends: [...times('failed', 20), ...times('taken', 30)], opens: false },
  { name: 'the first 20 failed', ends: times('failed', 20), opens: true },
  { name: 'the credentials were refused once', ends: [...times('taken', 29), 'unauthorized'], opens: true },
])('opens when $name: $opens', ({ ends, opens }) => expect(following(ends).openUntil !== undefined).toBe(opens));

it('opens for 1, 2, 4, 8 and then 15 minutes, until a call is taken', () => {
  let breaker = following(times('failed', mostFailures));
  const pauses: number[] = [];
  for (let probe = 0; probe < 6; probe++) {
    pauses.push(((breaker.openUntil ?? 0) - now) / minute);
    breaker = judged(probed(breaker, now), ['failed'], now);
  }
  expect(pauses).toEqual([1, 2, 4, 8, 15, 15]);
  expect(judged(breaker, ['taken'], now)).toEqual({ recent: '.', openings: 0 });
});

it('lets one delivery pass when its time is over, and no other while that one probes', () => {
  const open = following(times('failed', 30));
  const [until = 0] = [open.openUntil];
  expect(admissionBy(closedBreaker, now)).toEqual({ kind: 'all' });
  expect(admissionBy(open, until - 1)).toEqual({ kind: 'none', seconds: 1 });
  expect(admissionBy(open, until)).toEqual({ kind: 'probe' });
  expect(admissionBy(probed(open, until), until)).toEqual({ kind: 'none', seconds: 60 });
});

describe('whatever happens', () => {
  const ends = fc.array(fc.constantFrom<CallEnd>('taken', 'failed', 'unauthorized'), { maxLength: 40 });
  it('remembers few calls, pauses for at most a quarter of an hour, and forgets failures once a probe is taken', () =>
    fc.assert(
      fc.property(fc.array(ends, { maxLength: 20 }), (batches) => {
        let breaker = closedBreaker;
        for (const batch of batches) breaker = judged(breaker, batch, now);
        expect(breaker.recent.length).toBeLessThanOrEqual(remembered);
        expect(breaker.openUntil ?? now).toBeLessThanOrEqual(now + longestPause);
        if (breaker.openUntil !== undefined) expect(judged(breaker, ['taken'], now).openUntil).toBeUndefined();
      }),
      { numRuns: numRuns(500) },
    ));

  it('costs no write while everything is taken', () => {
    expect(mustRecord(closedBreaker, times('taken', 10))).toBe(false);
    expect(mustRecord(following(times('taken', 10)), times('taken', 10))).toBe(false);
    expect(mustRecord(closedBreaker, ['failed'])).toBe(true);
    expect(mustRecord(following(['failed']), ['taken'])).toBe(true);
    expect(mustRecord(following(['failed']), [])).toBe(false);
  });
});
