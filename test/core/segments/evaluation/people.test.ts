import { describe, expect, it } from 'vitest';
import { flipsAt, holds, traitValue } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import { count, list, sum } from '../../../../lambdas/core/segments/language/compute.ts';
import { did } from '../../../../lambdas/core/segments/language/events.ts';
import { inSegment, not, sample, trait } from '../../../../lambdas/core/segments/language/people.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { ask, day, hour, knownBy, minute, nobody, start } from './ask.ts';

const H = hour;
const german = 'Europe/Berlin';

describe('a draw', () => {
  it('is by chance, always the same, apart for each salt, and as many as were asked for', () => {
    const drawn = (salt: string, n: number) => ask(sample(salt, 10), [], 0, { profileId: `person-${n}` })[0];
    const all = Array.from({ length: 5000 }, (_, n) => [drawn('spring', n), drawn('autumn', n)] as const);
    const share = (test: (one: readonly [boolean, boolean]) => boolean) => all.filter(test).length / all.length;
    expect(share(([one]) => one)).toBeCloseTo(0.1, 1);
    expect(Math.abs(share(([one]) => one) - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(share(([one, other]) => one && other) - 0.01)).toBeLessThan(0.01);
    expect(drawn('spring', 1)).toBe(drawn('spring', 1));
  });
});

describe('segments of segments, and computed traits', () => {
  const { program } = compile({
    segments: [
      { key: 'today', name: 'Today', zone: german, where: did('A').today() },
      { key: 'not_today', name: 'Not today', zone: 'UTC', where: not(inSegment('today')) },
      { key: 'spent', name: 'Spent', where: trait('spent').atLeast(10) },
      { key: 'busy', name: 'Busy', zone: 'America/New_York', where: trait('of_the_day').atLeast(1) },
    ],
    traits: [
      { key: 'spent', compute: sum('A', 'x').within('1h') },
      { key: 'colours', compute: list('A', 'colour') },
      { key: 'of_the_day', zone: german, compute: count('A').today() },
    ],
  });
  const known = knownBy(program, [
    [0, 'A', { x: '7.5', colour: ['red', 'green'] }],
    [minute, 'A', { x: 2.5, colour: 'red' }],
  ]);

  it('are asked in their own zone', () => {
    expect(holds(program, 'not_today', known, start)).toBe(false);
    expect(flipsAt(program, 'not_today', known, start)).toBe(Date.parse('2026-03-28T23:00:00Z'));
  });

  it('are read as traits', () => {
    expect([holds(program, 'spent', known, start + minute), flipsAt(program, 'spent', known, start + minute)]).toEqual([
      true,
      start + H,
    ]);
    expect([
      traitValue(program, 'spent', known, start + minute),
      traitValue(program, 'spent', known, start + day),
    ]).toEqual([10, 0]);
    expect(traitValue(program, 'colours', known, start + minute)).toEqual(['red', 'green']);
  });

  it('are of the days of their own zone, whoever reads them', () => {
    expect(flipsAt(program, 'busy', known, start + minute)).toBe(Date.parse('2026-03-28T23:00:00Z'));
  });

  it('throw where nothing is defined', () => {
    const nothing = { ...nobody, aggregates: new Map(), clock: 0 };
    expect(() => holds(program, 'nothing', nothing, 0)).toThrow('no segment has the key nothing');
    expect(() => traitValue(program, 'nothing', nothing, 0)).toThrow('no computed trait has the key nothing');
  });
});
