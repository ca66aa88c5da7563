import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import {
  type Barrier,
  barrierText,
  joinBarriers,
  mostReleases,
  readBarrier,
  stopOf,
} from '../../../lambdas/core/privacy/barrier.ts';
import { judge, judgeCorrection } from '../../../lambdas/core/privacy/verdict.ts';
import { numRuns } from '../../fixtures/laws.ts';

const [user, phone, device] = ['user_id:u', 'phone:+491711', 'anonymous_id:a'] as const;
const noon = '2026-05-01T12:00:00.000Z';
const [before, after] = ['2026-05-01T11:59:59.999Z', '2026-05-01T12:00:00.001Z'];
const erased = { erased: noon };
const suppressed = { suppressed: true } as const;

describe('a barrier', () => {
  it.each([
    { name: 'none stops nothing', barrier: undefined, at: before, stop: undefined },
    { name: 'an erasure stops what happened before', barrier: erased, at: before, stop: 'erased' },
    { name: 'an erasure stops what happened at its time', barrier: erased, at: noon, stop: 'erased' },
    { name: 'an erasure lets through what happened later', barrier: erased, at: after, stop: undefined },
    { name: 'times are compared, and not their texts', barrier: erased, at: '2026-05-01T12:00:00Z', stop: 'erased' },
    { name: 'a suppression stops everything', barrier: suppressed, at: after, stop: 'suppressed' },
    { name: 'both stop what either stops', barrier: { ...erased, ...suppressed }, at: after, stop: 'suppressed' },
    { name: 'a release stops nothing', barrier: { released: [noon] }, at: before, stop: undefined },
    { name: 'what was lifted stops nothing', barrier: {}, at: before, stop: undefined },
  ])('$name', ({ barrier, at, stop }) => expect(stopOf(barrier, at)).toBe(stop));

  it('joined with another has the later erasure and any suppression, in any order', () => {
    const earlier = { erased: before };
    for (const [a, b] of [
      [earlier, { ...erased, ...suppressed }],
      [{ ...earlier, ...suppressed }, erased],
    ] as const) {
      expect(joinBarriers(a, b)).toEqual({ erased: noon, suppressed: true });
      expect(joinBarriers(b, a)).toEqual({ erased: noon, suppressed: true });
    }
    expect(joinBarriers(undefined, undefined)).toEqual({});
  });

  it('joined with others has the latest releases of all, in any order and form', () => {
    const times = Array.from({ length: mostReleases + 4 }, (_, n) => new Date(Date.parse(noon) + n).toISOString());
    fc.assert(
      fc.property(fc.shuffledSubarray([...times, ...times]), (some) => {
        const all = some.map((time): Barrier => ({ released: [time] })).reduceRight(joinBarriers, {});
        const wanted = [...new Set(some)].sort().slice(-mostReleases);
        expect(all).toEqual(wanted.length === 0 ? {} : { released: wanted });
        expect(joinBarriers(all, all)).toEqual(all);
      }),
      { numRuns: numRuns(100) },
    );
    expect(joinBarriers({ released: ['2026-05-01T12:00:00Z'] }, { released: [noon] })).toEqual({ released: [noon] });
  });

  it.each([{}, erased, suppressed, { released: [before, noon] }, { ...suppressed, ...erased, released: [noon] }])(
    'is the same text whenever it is written: %o',
    (one) => {
      const text = barrierText(one);
      expect(barrierText(readBarrier(text) ?? {})).toBe(text);
      expect(readBarrier(text)).toEqual(one);
    },
  );

  it.each(['', '{', '{"erased":"yesterday"}', '{"suppressed":false}', '{"released":["soon"]}'])(
    'that cannot be read stops its reader: %s',
    (text) => expect(() => readBarrier(text)).toThrow(),
  );
});

describe('the verdict', () => {
  const all: readonly Identifier[] = [user, phone, device];
  const barriersOf = (barriers: Readonly<Record<string, Barrier | undefined>>) => (id: Identifier) => barriers[id];

  it.each([
    { name: 'nobody is barred', barriers: {}, at: before, verdict: { kept: all } },
    { name: 'the most trusted is erased', barriers: { [user]: erased }, at: before, verdict: { dropped: 'erased' } },
    { name: 'the same person came back', barriers: { [user]: erased }, at: after, verdict: { kept: all } },
    {
      name: 'the most trusted is suppressed',
      barriers: { [user]: suppressed },
      at: after,
      verdict: { dropped: 'suppressed' },
    },
    {
      name: 'a friend on a shared device',
      barriers: { [device]: erased },
      at: before,
      verdict: { kept: [user, phone] },
    },
    { name: 'the next owner of a phone', barriers: { [phone]: erased }, at: after, verdict: { kept: all } },
    {
      name: 'two less trusted ones',
      barriers: { [phone]: suppressed, [device]: erased },
      at: before,
      verdict: { kept: [user] },
    },
  ])('$name', ({ barriers, at, verdict }) => expect(judge(all, at, barriersOf(barriers))).toEqual(verdict));

  it('drops a correction if any of its identifiers is stopped', () => {
    expect(judgeCorrection(all, before, barriersOf({ [device]: erased }))).toEqual({ dropped: 'erased' });
    expect(judgeCorrection(all, after, barriersOf({ [device]: erased }))).toEqual({ kept: all });
  });
});
