import { describe, expect, it } from 'vitest';
import { itemSize, readUnits, writeUnits } from '../fakes/item-size.ts';

describe('bytes of an item', () => {
  it.each([
    { name: 'names count', item: { name: 'Ann' }, bytes: 7 },
    { name: 'text is UTF-8', item: { a: 'é€😀' }, bytes: 10 },
    { name: 'empty text', item: { a: '' }, bytes: 1 },
    { name: 'a number: half its digits and one', item: { n: 123456 }, bytes: 5 },
    { name: 'an odd digit takes a byte', item: { n: 12345 }, bytes: 5 },
    { name: 'zeros around a number are free', item: { n: 1200000 }, bytes: 3 },
    { name: 'a minus sign is a byte', item: { n: -1.5 }, bytes: 4 },
    { name: 'zero', item: { n: 0 }, bytes: 2 },
    { name: 'true and null', item: { a: true, b: null }, bytes: 4 },
    { name: 'bytes', item: { a: new Uint8Array(10) }, bytes: 11 },
    { name: 'an empty list', item: { a: [] }, bytes: 4 },
    { name: 'a list: three bytes, and one for each element', item: { a: ['x', 'y'] }, bytes: 1 + 3 + 2 + 2 },
    { name: 'a map: three bytes, and one for each element', item: { a: { b: 'x' } }, bytes: 1 + 3 + 1 + 1 + 1 },
    { name: 'a set', item: { a: new Set(['one', 'two']) }, bytes: 7 },
    { name: 'undefined is not written', item: { a: 'x', b: undefined }, bytes: 2 },
  ])('$name', ({ item, bytes }) => expect(itemSize(item)).toBe(bytes));
});

it.each([
  { size: 0, writes: 1, reads: 1 },
  { size: 1024, writes: 1, reads: 1 },
  { size: 1025, writes: 2, reads: 1 },
  { size: 4097, writes: 5, reads: 2 },
])('$size bytes are $writes write units and $reads read units', ({ size, writes, reads }) => {
  expect(writeUnits(size)).toBe(writes);
  expect(readUnits(size)).toBe(reads);
});
