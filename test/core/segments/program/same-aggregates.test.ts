import { expect, it } from 'vitest';
import { sum } from '../../../../lambdas/core/segments/language/compute.ts';
import { did, didNot, property, stopped } from '../../../../lambdas/core/segments/language/events.ts';
import type { Rule } from '../../../../lambdas/core/segments/language/rule.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';

const aggregatesOf = (where: Rule, zone: string): string[] => [
  ...compile({ segments: [{ key: 's', name: 'S', zone, where }], traits: [] }).program.aggregates.keys(),
];

// The page about segments says which changes of a definition keep what is known of people, and which begin empty.
it.each<[string, Rule, Rule, boolean]>([
  ['another width of a window', did('A').atLeast(3).within('30d'), did('A').atLeast(3).within('60d'), true],
  ['a calendar window instead', did('A').atLeast(3).within('30d'), did('A').atLeast(3).lastDays(3), true],
  ['no window any more', did('A').atLeast(3).within('30d'), did('A').atLeast(3), true],
  ['once instead of never', didNot('A').within('30d'), did('A').within('30d'), true],
  ['how long ago somebody stopped', stopped('A', '30d'), stopped('A', '60d'), true],
  ['another number of times', did('A').atLeast(3), did('A').atLeast(4), false],
  ['another filter', did('A', property('x').equals(1)), did('A', property('x').equals(2)), false],
  ['another event', did('A'), did('B'), false],
  ['other fixed dates', did('A').since('2026-01-01'), did('A').since('2026-02-01'), false],
  ['another width of sums', sum('A', 'x').within('30d').atLeast(1), sum('A', 'x').within('60d').atLeast(1), false],
  ['another bound of a sum', sum('A', 'x').atLeast(1), sum('A', 'x').atLeast(2), true],
])('%s', (_name, before, after, isKept) => {
  expect(aggregatesOf(before, 'UTC').join() === aggregatesOf(after, 'Europe/Berlin').join()).toBe(isKept);
});
