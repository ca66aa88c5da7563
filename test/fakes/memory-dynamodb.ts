import {
  BatchGetCommand,
  type BatchGetCommandInput,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { packItem, unpackItem } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { orFault } from '../../lambdas/core/events/event-fault.ts';
import type { Item } from './condition-expression.ts';
import { type IndexQuery, queryIndex, queryPartition, scanPage } from './index-query.ts';
import type { Update } from './item-update.ts';
import { type Action, actionKey, type Change, MemoryStore, type Put } from './memory-store.ts';

/** Hears of every item read or written, as DynamoDB bills it: a write whether its condition holds or not. */
export interface Listener {
  readonly read: (tableName: string, item: Item | undefined) => void;
  readonly write: (tableName: string, before: Item | undefined, after: Item, inTransaction: boolean) => void;
  /** Entries of an index that a query read. */
  readonly look?: (entries: readonly Item[]) => void;
  /** A call, of any number of items. */
  readonly call: (command: 'BatchGet' | 'Get' | 'Put' | 'Query' | 'TransactWrite' | 'Update') => void;
}

const nobody: Listener = { read: () => {}, write: () => {}, call: () => {} };

/** What the client's commands say of the table and its items. */
type TablePut = Put & { readonly TableName?: string | undefined };
interface TableAction extends Action {
  readonly Put?: TablePut;
  readonly Delete?: NonNullable<Action['Delete']> & { readonly TableName?: string | undefined };
  readonly ConditionCheck?: NonNullable<Action['ConditionCheck']> & { readonly TableName?: string | undefined };
}

/**
 * DynamoDB's document client with tables in memory, packing items as the real one is made to: the commands that the
 * adapters use, and no other. Once told to forget, it judges writes and keeps none, so that items stay as large as they
 * are however long a measurement runs.
 */
export class MemoryDynamoDb {
  forgets = false;
  writes = 0;

  private readonly listener: Listener;
  private readonly onCommit: (changes: readonly Change[]) => void;
  private readonly tables: Map<string, MemoryStore>;

  constructor(
    listener: Listener = nobody,
    onCommit: (changes: readonly Change[]) => void = () => {},
    tables = new Map<string, MemoryStore>(),
  ) {
    this.listener = listener;
    this.onCommit = onCommit;
    this.tables = tables;
  }

  /** As the adapters want it. */
  get client(): DynamoDBDocumentClient {
    // Paginators of the library accept its own client alone.
    const send = async (command: unknown) => this.answer(command);
    return Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send });
  }

  /** The same tables, with somebody else listening. */
  heardBy(listener: Listener): MemoryDynamoDb {
    return new MemoryDynamoDb(listener, this.onCommit, this.tables);
  }

  /** Items of a table by their key, as they are stored. */
  rows(tableName: string): Map<string, Item> {
    return this.store(tableName).items;
  }

  private store(tableName = ''): MemoryStore {
    const store = this.tables.get(tableName) ?? new MemoryStore(this.onCommit);
    this.tables.set(tableName, store);
    return store;
  }

  private answer(command: unknown): object {
    if (command instanceof BatchGetCommand) return this.batchGet(command.input);
    if (command instanceof GetCommand) return this.get(command.input as { TableName: string; Key: Item });
    if (command instanceof PutCommand) return this.put(packed(command.input as TablePut));
    if (command instanceof QueryCommand) return this.query(command.input);
    if (command instanceof ScanCommand) return this.scan(command.input);
    if (command instanceof UpdateCommand) return this.update(command.input);
    if (command instanceof DeleteCommand) return this.transact([{ Delete: command.input } as TableAction]);
    if (command instanceof TransactWriteCommand)
      return this.transact((command.input.TransactItems ?? []) as readonly TableAction[]);
    throw new Error(`no answer to ${(command as object).constructor.name}`);
  }

  private get({ TableName, Key }: { readonly TableName: string; readonly Key: Item }): object {
    this.listener.call('Get');
    return { Item: this.read(TableName, Key) };
  }

  private batchGet({ RequestItems = {} }: BatchGetCommandInput): object {
    this.listener.call('BatchGet');
    const found = Object.entries(RequestItems).map(([name, { Keys = [] }]) => {
      this.store(name).checkKeys(Keys);
      return [name, Keys.flatMap((key) => this.read(name, key) ?? [])];
    });
    return { Responses: Object.fromEntries(found) };
  }

  private read(tableName: string, key: Item): Item | undefined {
    const item = this.store(tableName).get(key);
    this.listener.read(tableName, item);
    return item && orFault(() => unpackItem(item));
  }

  private put(put: TablePut): object {
    this.listener.call('Put');
    const store = this.store(put.TableName);
    this.listener.write(String(put.TableName), store.get(put.Item ?? {}), put.Item ?? {}, false);
    this.keep(1, store.preparePut(put));
    return {};
  }

  private query(query: QueryCommandInput): object {
    this.listener.call('Query');
    const items = this.store(query.TableName).items.values();
    const asked = query as IndexQuery;
    const page = asked.IndexName === undefined ? queryPartition(items, asked) : queryIndex(items, asked);
    this.listener.look?.(page.Items);
    return page;
  }

  private scan(scan: ScanCommandInput): object {
    const { Items, ...next } = scanPage(this.rows(String(scan.TableName)), scan);
    return { ...next, Items: Items.map((item) => orFault(() => unpackItem(item))) };
  }

  private update({ TableName, ...update }: UpdateCommandInput): object {
    this.listener.call('Update');
    const store = this.store(TableName);
    const before = store.get(update.Key ?? {});
    store.update(update as Update);
    this.listener.write(String(TableName), before, store.get(update.Key ?? {}) ?? {}, false);
    return {};
  }

  private transact(requested: readonly TableAction[]): object {
    this.listener.call('TransactWrite');
    const actions = requested.map((action) => (action.Put ? { ...action, Put: packed(action.Put) } : action));
    const [first] = actions;
    const tableName = (first?.Put ?? first?.Delete ?? first?.ConditionCheck)?.TableName;
    const store = this.store(tableName);
    for (const action of actions)
      this.listener.write(String(tableName), store.items.get(actionKey(action)), action.Put?.Item ?? {}, true);
    this.keep(actions.length, store.prepare(actions));
    return {};
  }

  private keep(items: number, commit: () => void): void {
    this.writes += items;
    if (!this.forgets) commit();
  }
}

const packed = (put: TablePut): TablePut => ({ ...put, Item: tight(packItem(put.Item ?? {})) });

/** Bytes in a buffer of their own size: a million items with room to spare would not fit. */
export const tight = (item: Item): Item =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, value instanceof Uint8Array ? new Uint8Array(value) : value]),
  );
