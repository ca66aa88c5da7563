import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';

/** A table with `pk` and `sk`, behind a document client. */
export interface OpenTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** An item, or the key of one. */
export type Row = Readonly<Record<string, unknown>>;
/** What must hold for a put to happen. */
type Condition = Pick<
  NonNullable<NonNullable<TransactWriteCommandInput['TransactItems']>[number]['Put']>,
  'ConditionExpression'
>;

export const absent = { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } };
export const atVersion = (version: number) => ({
  ConditionExpression: '#version = :expected',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':expected': version },
});

let made = 0;
/** Keys of one test, which no other test uses. */
export const keysOf = (count: number): Row[] => {
  const pk = `contract#${++made}`;
  return Array.from({ length: count }, (_, n) => ({ pk: `${pk}#${n}`, sk: 'state' }));
};
export const keyOf = (): Row => keysOf(1)[0] as Row;

/** The calls that the adapters make. */
export const callsTo = (open: () => OpenTable) => ({
  put: (Item: Row, condition: Condition = {}) =>
    open().client.send(new PutCommand({ TableName: open().tableName, Item, ...condition })),
  transact: (...puts: readonly { readonly Item: Row; readonly condition?: Condition }[]) =>
    open().client.send(
      new TransactWriteCommand({
        TransactItems: puts.map(({ Item, condition }) => ({
          Put: { TableName: open().tableName, Item, ...condition },
        })),
      }),
    ),
  read: async (Keys: readonly Row[]): Promise<Row[]> => {
    const answer = await open().client.send(
      new BatchGetCommand({ RequestItems: { [open().tableName]: { Keys: [...Keys], ConsistentRead: true } } }),
    );
    expect(answer.UnprocessedKeys ?? {}).toEqual({});
    return answer.Responses?.[open().tableName] ?? [];
  },
});

/** The calls that are made to the due index. */
export const indexCalls = (open: () => OpenTable) => ({
  page: async (shard: number, until: number, Limit?: number, ExclusiveStartKey?: Row) => {
    const answer = await open().client.send(
      new QueryCommand({
        ...{ TableName: open().tableName, IndexName: 'due', Limit, ExclusiveStartKey },
        KeyConditionExpression: '#shard = :shard AND #at <= :until',
        ExpressionAttributeNames: { '#shard': 'dueShard', '#at': 'dueAt' },
        ExpressionAttributeValues: { ':shard': shard, ':until': until },
      }),
    );
    return { rows: (answer.Items ?? []) as readonly Row[], next: answer.LastEvaluatedKey as Row | undefined };
  },
  putOff: (Key: Row, at: number, later: number) =>
    open().client.send(
      new UpdateCommand({
        ...{ TableName: open().tableName, Key },
        UpdateExpression: 'SET #at = :later REMOVE #changes, #log',
        ConditionExpression: '#at = :at',
        ExpressionAttributeNames: { '#at': 'dueAt', '#changes': 'changes', '#log': 'log' },
        ExpressionAttributeValues: { ':later': later, ':at': at },
      }),
    ),
  enter: (Key: Row, shard: number, later: number) =>
    open().client.send(
      new UpdateCommand({
        ...{ TableName: open().tableName, Key },
        UpdateExpression: 'SET #at = :later, #shard = :shard REMOVE #changes, #log',
        ConditionExpression: '#kind = :live AND (attribute_not_exists(#at) OR #at > :later)',
        ExpressionAttributeNames: {
          ...{ '#at': 'dueAt', '#shard': 'dueShard', '#changes': 'changes', '#log': 'log', '#kind': 'kind' },
        },
        ExpressionAttributeValues: { ':later': later, ':shard': shard, ':live': 'profile' },
      }),
    ),
});

/** An error by its name. */
export const failed = (name: string) => expect.objectContaining({ name });
