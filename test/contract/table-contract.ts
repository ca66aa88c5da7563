import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';

/** A table with `pk` and `sk`, behind a document client. */
export interface OpenTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

type Row = Readonly<Record<string, unknown>>;
type Condition = Pick<NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Put']>, 'ConditionExpression'>;

const absent = { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } };
const atVersion = (version: number) => ({
  ConditionExpression: '#version = :expected',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':expected': version },
});

let made = 0;
/** Keys of one test, which no other test uses. */
const keysOf = (count: number): Row[] => {
  const pk = `contract#${++made}`;
  return Array.from({ length: count }, (_, n) => ({ pk: `${pk}#${n}`, sk: 'state' }));
};
const keyOf = (): Row => keysOf(1)[0] as Row;

/** What the adapters rely on, said once for the table in memory and for a table that speaks DynamoDB's protocol. */
export function holdsTableContract(open: () => OpenTable): void {
  const put = (Item: Row, condition: Condition = {}) => open().client.send(new PutCommand({ TableName: open().tableName, Item, ...condition }));
  const transact = (...puts: readonly { readonly Item: Row; readonly condition?: Condition }[]) =>
    open().client.send(
      new TransactWriteCommand({ TransactItems: puts.map(({ Item, condition }) => ({ Put: { TableName: open().tableName, Item, ...condition } })) }),
    );
  const read = async (Keys: readonly Row[]): Promise<Row[]> => {
    const answer = await open().client.send(new BatchGetCommand({ RequestItems: { [open().tableName]: { Keys: [...Keys], ConsistentRead: true } } }));
    expect(answer.UnprocessedKeys ?? {}).toEqual({});
    return answer.Responses?.[open().tableName] ?? [];
  };
  const failed = (name: string) => expect.objectContaining({ name });

  it('gives back what was put', async () => {
    const key = keyOf();
    const item = { ...key, text: 'ä€', empty: '', number: 1.5, yes: true, nothing: null, list: [1, 'a'], map: { deep: { er: [] } } };
    await put(item);
    expect(await read([key])).toEqual([item]);
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
    const reasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'ConditionalCheckFailed' }].map((reason) =>
      expect.objectContaining(reason),
    );
    await expect(refused).rejects.toEqual(expect.objectContaining({ name: 'TransactionCanceledException', CancellationReasons: reasons }));
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
    await expect(transact({ Item: once }, { Item: twice }, { Item: { ...twice, again: true } })).rejects.toEqual(failed('ValidationException'));
    expect(await read([once, twice])).toEqual([]);
  });

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
    const rest = Object.entries({ ...key, text: '' }).reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
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
