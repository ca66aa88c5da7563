import { dueIndex, table } from '../../lambdas/core/contract/storage.ts';
import { type Conditional, conditionHolds, type Item } from './condition-expression.ts';
import { itemSize } from './item-size.ts';
import { type Update, updated } from './item-update.ts';
import { type CancellationReason, cancelled, tableError } from './table-error.ts';

/** One action of a transaction, as the document client takes it. */
export interface Action {
  readonly Put?: (Conditional & { readonly Item?: Item | undefined }) | undefined;
  readonly Delete?: (Conditional & { readonly Key?: Item | undefined }) | undefined;
  readonly ConditionCheck?: (Conditional & { readonly Key?: Item | undefined }) | undefined;
}

export type Put = NonNullable<Action['Put']>;

/** One item that a write changed. */
export interface Change {
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Bounds of the service; a test may lower the first to meet it with small items. */
export const bounds = {
  itemBytes: 400 * 1024,
  transactionBytes: 4 * 1024 * 1024,
  transactionItems: 100,
  batchGetKeys: 100,
};

export const keyOf = (item: Item): string => `${String(item[table.partitionKey])} ${String(item[table.sortKey])}`;

const validation = (message: string) => tableError('ValidationException', message);

/**
 * One DynamoDB table in memory: conditions, transactions that happen whole or not at all, and the service's limits,
 * without its faults.
 */
export class MemoryStore {
  readonly items = new Map<string, Item>();

  private readonly onCommit: (changes: readonly Change[]) => void;
  private readonly maxItemBytes: number;

  constructor(onCommit: (changes: readonly Change[]) => void = () => {}, maxItemBytes: number = bounds.itemBytes) {
    this.onCommit = onCommit;
    this.maxItemBytes = maxItemBytes;
  }

  get(key: Item): Item | undefined {
    const item = this.items.get(keyOf(key));
    return item && { ...item };
  }

  /** @throws ValidationException as BatchGetItem does */
  checkKeys(keys: readonly Item[]): void {
    if (keys.length === 0) throw validation('The batch get request list for a table cannot be null or empty');
    if (keys.length > bounds.batchGetKeys) throw validation('Too many items requested for the BatchGetItem call');
    if (new Set(keys.map(keyOf)).size < keys.length) throw validation('Provided list of item keys contains duplicates');
  }

  /** @throws ConditionalCheckFailedException, ValidationException */
  put(put: Put): void {
    this.preparePut(put)();
  }

  /** Checks everything a put demands; the returned function makes it happen. @throws as `put` does */
  preparePut(put: Put): () => void {
    this.checkItem(put.Item ?? {});
    const before = this.items.get(keyOf(put.Item ?? {}));
    if (!conditionHolds(put, before))
      throw tableError('ConditionalCheckFailedException', 'The conditional request failed');
    return () => this.commit([{ key: keyOf(put.Item ?? {}), before, after: asKept(put.Item ?? {}) }]);
  }

  /** @throws TransactionCanceledException with a reason for each action, ValidationException */
  transact(actions: readonly Action[]): void {
    this.prepare(actions)();
  }

  /** Checks everything a transaction demands; the returned function makes it happen. @throws as `transact` does */
  prepare(actions: readonly Action[]): () => void {
    const keys = actions.map(actionKey);
    if (actions.length > bounds.transactionItems) throw validation('Member must have length less than or equal to 100');
    if (new Set(keys).size < keys.length)
      throw validation('Transaction request cannot include multiple operations on one item');
    if (actions.reduce((sum, { Put }) => sum + itemSize(Put?.Item ?? {}), 0) > bounds.transactionBytes)
      throw validation('Collection size has exceeded 4 MB');
    const reasons = actions.map((action, n) => this.reasonAgainst(action, keys[n] ?? ''));
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
    return () => this.commit(actions.flatMap((action, n) => this.changeOf(action, keys[n] ?? '')));
  }

  /** Sets and removes attributes of an item. @throws ConditionalCheckFailedException */
  update(update: Update): void {
    const key = keyOf(update.Key ?? {});
    const before = this.items.get(key);
    if (!conditionHolds(update, before))
      throw tableError('ConditionalCheckFailedException', 'The conditional request failed');
    this.commit([{ key, before, after: updated({ ...update.Key, ...before }, update) }]);
  }

  private reasonAgainst(action: Action, key: string): CancellationReason {
    const fault = this.faultOf(action.Put?.Item ?? {});
    if (fault !== undefined) return { Code: 'ValidationError', Message: fault };
    const holds = conditionHolds(action.Put ?? action.Delete ?? action.ConditionCheck ?? {}, this.items.get(key));
    return holds ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
  }

  private changeOf({ Put, Delete }: Action, key: string): Change[] {
    const before = this.items.get(key);
    if (Put) return [{ key, before, after: asKept(Put.Item ?? {}) }];
    return Delete ? [{ key, before, after: undefined }] : [];
  }

  private commit(changes: readonly Change[]): void {
    for (const { key, after } of changes) {
      if (after) this.items.set(key, after);
      else this.items.delete(key);
    }
    this.onCommit(changes);
  }

  private checkItem(item: Item): void {
    const fault = this.faultOf(item);
    if (fault !== undefined) throw validation(fault);
  }

  private faultOf(item: Item): string | undefined {
    if (itemSize(item) > this.maxItemBytes) return tooLarge;
    const misfit = [dueIndex.shard, dueIndex.at].find((name) => !['undefined', 'number'].includes(typeof item[name]));
    return misfit && `Type mismatch for Index Key ${misfit} Expected: N`;
  }
}

/** The document client leaves out what is undefined and writes a Map as a map. */
const asKept = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value instanceof Map ? Object.fromEntries(value) : value]],
    ),
  );

const tooLarge = 'Item size has exceeded the maximum allowed size';

/** The item that an action is about. @throws Error on an action that nobody used so far */
export function actionKey({ Put, Delete, ConditionCheck }: Action): string {
  const key = Put?.Item ?? Delete?.Key ?? ConditionCheck?.Key;
  if (key === undefined) throw new Error('only Put, Delete and ConditionCheck are known here');
  return keyOf(key);
}
