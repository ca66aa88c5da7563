import { dueIndex, table } from '../../lambdas/core/contract/storage.ts';
import { conditionHolds, type Item } from './condition-expression.ts';
import { tableError } from './table-error.ts';

/** A query as the document client takes it. */
export interface IndexQuery {
  readonly IndexName?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
  readonly Limit?: number | undefined;
  readonly ExclusiveStartKey?: Item | undefined;
}

/** A page of an index. */
export interface IndexPage {
  readonly Items: Item[];
  readonly LastEvaluatedKey?: Item | undefined;
}

/** Items of one partition by their sort keys, in their order. */
export function queryPartition(items: Iterable<Item>, query: IndexQuery): IndexPage {
  const { KeyConditionExpression: ConditionExpression, ExclusiveStartKey, Limit = 1_000_000 } = query;
  if (ExclusiveStartKey !== undefined) throw new Error('nobody has asked for a next page by its key so far');
  const found = [...items]
    .filter((item) => conditionHolds({ ...query, ConditionExpression }, item))
    .sort((a, b) => (String(a[table.sortKey]) < String(b[table.sortKey]) ? -1 : 1));
  const Items = found.slice(0, Limit);
  return { Items, ...(Items.length === Limit && { LastEvaluatedKey: Items.at(-1) }) };
}

/** Items of the due index: those that have both of its attributes, with the keys alone, in its order. */
export function queryIndex(items: Iterable<Item>, query: IndexQuery): IndexPage {
  if (query.IndexName !== dueIndex.name)
    throw tableError('ValidationException', `The table does not have the specified index: ${query.IndexName}`);
  const { KeyConditionExpression: ConditionExpression, ExclusiveStartKey: from, Limit = 1_000_000 } = query;
  const entries = [...items]
    .filter((item) => item[dueIndex.shard] !== undefined && item[dueIndex.at] !== undefined)
    .filter((item) => conditionHolds({ ...query, ConditionExpression }, item))
    .map(keysOf)
    .sort(inOrder)
    .filter((entry) => from === undefined || inOrder(from, entry) < 0);
  const Items = entries.slice(0, Limit);
  // As DynamoDB does, a full page names a next one, even if it is empty.
  return { Items, ...(Items.length === Limit && { LastEvaluatedKey: Items.at(-1) }) };
}

const keys = [table.partitionKey, table.sortKey, dueIndex.shard, dueIndex.at];
const keysOf = (item: Item): Item => Object.fromEntries(keys.map((name) => [name, item[name]]));

const inOrder = (a: Item, b: Item): number =>
  Number(a[dueIndex.at]) - Number(b[dueIndex.at]) || (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0);
const textOf = (entry: Item): string => String(entry[table.partitionKey]);

const placeOf = (item: Item): string => `${textOf(item)} ${String(item[table.sortKey])}`;

/** Items that a page of a scan looks at: few, so that tests meet pages of which a filter leaves nothing. */
const scanned = 10;

/** A page of all items in the order of their keys; the filter is asked after the page is cut, as DynamoDB does. */
export function scanPage(items: ReadonlyMap<string, Item>, { FilterExpression, ExclusiveStartKey, ...scan }: Scan) {
  const from = ExclusiveStartKey === undefined ? '' : placeOf(ExclusiveStartKey);
  const rest = [...items.values()]
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
    .filter((item) => placeOf(item) > from);
  const page = rest.slice(0, scanned);
  const last = rest.length > page.length ? { LastEvaluatedKey: page.at(-1) } : {};
  return {
    Items: page.filter((item) => conditionHolds({ ...scan, ConditionExpression: FilterExpression }, item)),
    ...last,
  };
}

type Scan = Pick<IndexQuery, 'ExpressionAttributeNames' | 'ExpressionAttributeValues' | 'ExclusiveStartKey'> & {
  readonly FilterExpression?: string | undefined;
};
