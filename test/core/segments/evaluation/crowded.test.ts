import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flipsAt, holds, traitValue } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import { count, list, mostFrequent, sum } from '../../../../lambdas/core/segments/language/compute.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { numRuns } from '../../../fixtures/laws.ts';
import { hour, knownBy, minute, type Row, start } from './ask.ts';

const seed = 18;
const { program } = compile({
  segments: [{ key: 'often', name: 'Often', where: did('A').atLeast(80).within('1h') }],
  traits: [
    { key: 'count', compute: count('A').within('1h') },
    { key: 'sum', compute: sum('A', 'x').within('1h') },
    { key: 'values', compute: list('A', 'text') },
    { key: 'favourite', compute: mostFrequent('A', 'text') },
  ],
});
const stretch = hour / 48;

describe('more events than are kept one by one', () => {
  it('are counted and summed as they are, but for what the stretch at the edge of the window holds', () => {
    let inexact = 0;
    const crowd = fc.array(fc.integer({ min: 0, max: 2 * hour }), { minLength: 65, maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(crowd, fc.nat(hour), (times, later) => {
        const known = knownBy(
          program,
          times.map((at): Row => [at, 'A', { x: 1 }]),
        );
        const now = Math.max(known.clock, start + later);
        const inside = times.filter((at) => start + at > now - hour).length;
        const nearEdge = times.filter((at) => start + at > now - hour && start + at <= now - hour + stretch).length;
        const told = traitValue(program, 'count', known, now) as number;
        expect(told).toBeLessThanOrEqual(inside);
        expect(told).toBeGreaterThanOrEqual(inside <= 64 ? inside : inside - nearEdge);
        expect(traitValue(program, 'sum', known, now)).toBe(told);
        inexact += told < inside ? 1 : 0;
      }),
      { numRuns: numRuns(400), seed },
    );
    expect(inexact).toBeGreaterThan(0);
  });

  it('flip a segment no earlier than a stretch before it is due, and never late', () => {
    const known = knownBy(
      program,
      Array.from({ length: 100 }, (_, n): Row => [n * 10_000, 'A']),
    );
    const [now, due] = [known.clock, start + 20 * 10_000 + hour];
    const flip = flipsAt(program, 'often', known, now) ?? Number.POSITIVE_INFINITY;
    expect(holds(program, 'often', known, now)).toBe(true);
    expect(flip).toBeLessThanOrEqual(due);
    expect(flip).toBeGreaterThan(due - stretch);
  });
});

describe('long texts and many values', () => {
  it('keep their beginnings and stay apart', () => {
    const [a, b] = [`${'é'.repeat(60)}1`, `${'é'.repeat(60)}2`];
    const known = knownBy(program, [
      [0, 'A', { text: a }],
      [1, 'A', { text: b }],
      [2, 'A', { text: a }],
    ]);
    const texts = traitValue(program, 'values', known, start + 2) as string[];
    expect(new Set(texts).size).toBe(2);
    expect(texts.every((text) => Buffer.byteLength(text) <= 48 && text.startsWith('é'.repeat(18)))).toBe(true);
    expect(traitValue(program, 'favourite', known, start + 2)).toBe(texts[0]);
  });

  it('are as many as there is room for, the newest first', () => {
    const known = knownBy(
      program,
      Array.from({ length: 40 }, (_, n): Row => [n * minute, 'A', { text: `t${n}` }]),
    );
    expect(traitValue(program, 'values', known, start + 41 * minute)).toEqual(
      Array.from({ length: 32 }, (_, n) => `t${39 - n}`),
    );
  });
});
