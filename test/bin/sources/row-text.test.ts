import { expect, it } from 'vitest';
import { rowText } from '../../../bin/sources/row-text.ts';

it.each([
  {
    row: { object: 'contacts', id: '17', file: 'imports/files/crm/a.csv', line: 12 },
    text: 'contacts 17, imports/files/crm/a.csv line 12',
  },
  { row: { object: 'parcels', file: 'parcels-0', row: 0 }, text: 'parcels, parcels-0 row 0' },
  {
    row: { object: 'orders', id: '5', file: 'postgresql shop, sales.orders' },
    text: 'orders 5, postgresql shop, sales.orders',
  },
  { row: { object: 'scores', id: 'ann' }, text: 'scores ann' },
])('read $text', ({ row, text }) => expect(rowText(row)).toBe(text));

it('an unknown row has no words', () => expect(rowText(undefined)).toBe(''));
