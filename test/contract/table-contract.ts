import { expect, it } from 'vitest';
import { absent, atVersion, callsTo, failed, keyOf, keysOf, type OpenTable, type Row } from './open-table.ts';

/** What the adapters rely on, said once for the table in memory and for a table that speaks DynamoDB's protocol. */
export function holdsTableContract(open: () => OpenTable): void {
  const { put, transact, read } = callsTo(open);

  it('gives back what was put', async () => {
    const key = keyOf();
    const item = {
      ...key,
      text: 'ä€',
      empty: '',
      number: 1.5,
      yes: true,
      nothing: null,
      list: [1, 'a'],
      map: { deep: { er: [] } },
    };
    await put(item);
    expect(await read([key])).toEqual([item]);
  });

  it('gives back bytes', async () => {
    const key = keyOf();
    await put({ ...key, bytes: new Uint8Array([0, 1, 255]) });
    const [item] = await read([key]);
    expect(Buffer.from((item as { bytes: Uint8Array }).bytes)).toEqual(Buffer.from([0, 1, 255]));
  });

  it('leaves missing keys out of a batch of reads', async () => {
    const [there, missing] = keysOf(2) as [Row, Row];
    await put({ ...there, version: 1 });
    expect(await read([missing, there])).toEqual([{ ...there, version: 1 }]);
  });

  it('replaces an item whole', async () => {
    const key = keyOf();
    await put({ ...key, version: 1, changes: '[]' });
    await put({ ...key, version: 2 });
    expect(await read([key])).toEqual([{ ...key, version: 2 }]);
  });

  it('takes the first of two claims', async () => {
    const key = keyOf();
    await put({ ...key, by: 'a' }, absent);
    await expect(put({ ...key, by: 'b' }, absent)).rejects.toEqual(failed('ConditionalCheckFailedException'));
    expect(await read([key])).toEqual([{ ...key, by: 'a' }]);
  });

  it.each([
    { name: 'the version that is there', version: 1, holds: true },
    { name: 'an older version', version: 0, holds: false },
    { name: 'a newer version', version: 2, holds: false },
  ])('compares versions: $name', async ({ version, holds }) => {
    const key = keyOf();
    await put({ ...key, version: 1 });
    const second = put({ ...key, version: version + 1 }, atVersion(version));
    if (holds) await second;
    else await expect(second).rejects.toEqual(failed('ConditionalCheckFailedException'));
    expect(await read([key])).toEqual([{ ...key, version: holds ? 2 : 1 }]);
  });

  it('compares no version where there is no item', () =>
    expect(put({ ...keyOf(), version: 1 }, atVersion(0))).rejects.toEqual(failed('ConditionalCheckFailedException')));

  it('writes a transaction whole', async () => {
    const keys = keysOf(100);
    await transact(...keys.map((key) => ({ Item: { ...key, version: 1 }, condition: absent })));
    expect(await read(keys)).toHaveLength(100);
  });

  it('writes nothing of a transaction when one condition fails, and says which', async () => {
    const [free, taken, old] = keysOf(3) as [Row, Row, Row];
    await put({ ...taken, by: 'a' });
    await put({ ...old, version: 3 });
    const refused = transact(
      { Item: { ...free }, condition: absent },
      { Item: { ...taken, by: 'b' }, condition: absent },
      { Item: { ...old, version: 3 }, condition: atVersion(2) },
    );
    const reasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'ConditionalCheckFailed' }].map(
      (reason) => expect.objectContaining(reason),
    );
    await expect(refused).rejects.toEqual(
      expect.objectContaining({ name: 'TransactionCanceledException', CancellationReasons: reasons }),
    );
    expect(await read([free, taken, old])).toEqual(
      expect.arrayContaining([
        { ...taken, by: 'a' },
        { ...old, version: 3 },
      ]),
    );
    expect(await read([free])).toEqual([]);
  });

  it('refuses a transaction that names an item twice, and writes nothing of it', async () => {
    const [once, twice] = keysOf(2) as [Row, Row];
    await expect(transact({ Item: once }, { Item: twice }, { Item: { ...twice, again: true } })).rejects.toEqual(
      failed('ValidationException'),
    );
    expect(await read([once, twice])).toEqual([]);
  });
}
