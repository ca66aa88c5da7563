import { expect, it } from 'vitest';
import { traitValue } from '../../../../lambdas/core/segments/evaluation/evaluate.ts';
import {
  count,
  distinct,
  first,
  last,
  list,
  mostFrequent,
} from '../../../../lambdas/core/segments/language/compute.ts';
import { compile } from '../../../../lambdas/core/segments/program/compile.ts';
import { hour, knownBy, minute, type Row, start } from './ask.ts';

const { program } = compile({
  segments: [],
  traits: [
    { key: 'ended', compute: count('A').ago('1h', '2h') },
    { key: 'first', compute: first('A', 'x').within('2h') },
    { key: 'last', compute: last('A', 'x').ago('1h', '2h') },
    { key: 'distinct', compute: distinct('A', 'x') },
    { key: 'values', compute: list('A', 'x') },
    { key: 'frequent', compute: mostFrequent('A', 'y') },
  ],
});

/** Ten events in a window that ended an hour ago, and so many since, one each ten seconds. */
const told = (since: number): Record<string, unknown> => {
  const old = Array.from({ length: 10 }, (_, n): Row => [n * 5 * minute + 7777, 'A', { x: `old ${n}`, y: 'y' }]);
  const later = Array.from({ length: since }, (_, n): Row => [hour + 8000 + n * 10_000, 'A', { x: n, y: 'y' }]);
  const known = knownBy(program, [...old, ...later]);
  const value = (key: string): unknown => traitValue(program, key, known, start + 2 * hour);
  return {
    ...Object.fromEntries([...program.traits.keys()].map((key) => [key, value(key)])),
    values: (value('values') as []).length,
  };
};

// The page about segments says up to how many events each kind is exact, and what it answers beyond that.
it.each<[number, Record<string, unknown>]>([
  [22, { ended: 10, first: 'old 0', last: 'old 9', distinct: 32, values: 32 }],
  [23, { ended: 10, first: 'old 1', last: 'old 9', distinct: 33, values: 32 }],
  [54, { ended: 10, first: 22, last: undefined, distinct: 64, values: 32 }],
  [55, { ended: 9, first: 23, last: undefined, distinct: 64, values: 32 }],
  [300, { ended: 9, first: 268, last: undefined, distinct: 64, values: 32 }],
])('after %d later events', (since, expected) => expect(told(since)).toEqual({ ...expected, frequent: 'y' }));
