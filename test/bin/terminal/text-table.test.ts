import { expect, it } from 'vitest';
import { textTable } from '../../../bin/terminal/text-table.ts';

const isFigure = (column: number): boolean => column === 1;

it.each([
  { name: 'nothing', rows: [], form: {}, lines: [] },
  {
    name: 'columns as wide as their widest cell',
    rows: [
      ['a', 'bb'],
      ['ccc', 'd'],
    ],
    form: {},
    lines: ['a    bb', 'ccc  d'],
  },
  {
    name: 'figures on the right',
    rows: [
      ['a', '1'],
      ['b', '100'],
    ],
    form: { isFigure },
    lines: ['a    1', 'b  100'],
  },
  {
    name: 'a rule below the names',
    rows: [
      ['name', 'n'],
      ['b', '10'],
    ],
    form: { rule: '-' },
    lines: ['name  n', '----  --', 'b     10'],
  },
  { name: 'rows of different lengths', rows: [['a'], ['b', 'c']], form: {}, lines: ['a', 'b  c'] },
])('draws $name', ({ rows, form, lines }) => expect(textTable(rows, form)).toEqual(lines));
