import { expect, it } from 'vitest';
import { callsTo, failed, keyOf, keysOf, type OpenTable, type Row } from './open-table.ts';

/** How much the table takes, and what it does not take at all. */
export function holdsTableLimits(open: () => OpenTable): void {
  const { put, transact, read } = callsTo(open);

  it('refuses a transaction of 101 items', () =>
    expect(transact(...keysOf(101).map((Item) => ({ Item })))).rejects.toEqual(failed('ValidationException')));

  it('reads 100 keys at once and refuses 101', async () => {
    expect(await read(keysOf(100))).toEqual([]);
    await expect(read(keysOf(101))).rejects.toEqual(failed('ValidationException'));
  });

  it('refuses a batch of reads that names a key twice', () => {
    const key = keyOf();
    return expect(read([key, key])).rejects.toEqual(failed('ValidationException'));
  });

  it('takes an item of 400 KB and refuses a larger one', async () => {
    const key = keyOf();
    const rest = Object.entries({ ...key, text: '' }).reduce(
      (sum, [name, value]) => sum + name.length + String(value).length,
      0,
    );
    await put({ ...key, text: 'x'.repeat(400 * 1024 - rest) });
    await expect(put({ ...keyOf(), text: 'x'.repeat(400 * 1024) })).rejects.toEqual(failed('ValidationException'));
  });

  it('cancels a transaction for an item that is too large', async () => {
    const [small, large] = keysOf(2) as [Row, Row];
    const refused = transact({ Item: small }, { Item: { ...large, text: 'x'.repeat(400 * 1024) } });
    await expect(refused).rejects.toEqual(
      expect.objectContaining({ name: expect.stringMatching(/^(TransactionCanceledException|ValidationException)$/) }),
    );
    expect(await read([small, large])).toEqual([]);
  });

  it('leaves out an attribute that is undefined, and keeps a Map as a map', async () => {
    const key = keyOf();
    await put({ ...key, left: undefined, map: new Map([['a', 1]]) });
    expect(await read([key])).toEqual([{ ...key, map: { a: 1 } }]);
  });

  it.each([
    ['what is undefined in a map', { map: { lost: undefined } }],
    ['an object of a class', { at: new Date(0) }],
    ['no number', { count: Number.NaN }],
  ])('keeps %s out', (_what, attributes) => expect(put({ ...keyOf(), ...attributes })).rejects.toThrow());
}
