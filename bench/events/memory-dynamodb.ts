import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { packItem, unpackItem } from '../../lambdas/adapters/dynamodb/packed-items.ts';
import { conditionHolds } from './condition-expression.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Hears of every item read or written, as DynamoDB bills it. */
export interface Listener {
  readonly read: (tableName: string, item: Row | undefined) => void;
  readonly write: (tableName: string, before: Row | undefined, after: Row, inTransaction: boolean) => void;
  /** A call, of any number of items. */
  readonly call: (command: 'BatchGet' | 'Get' | 'Put' | 'TransactWrite') => void;
}

const nobody: Listener = { read: () => {}, write: () => {}, call: () => {} };

/**
 * DynamoDB's document client with tables in memory, packing items as the real one is made to: the commands and conditions that
 * the adapters use, and no other.
 * Once told to forget, it judges writes and keeps none, so that items stay as large as they are however long a measurement runs.
 */
export class MemoryDynamoDb {
  forgets = false;
  writes = 0;

  constructor(
    private readonly listener: Listener = nobody,
    private readonly tables = new Map<string, Map<string, Row>>(),
  ) {}

  /** As the adapters want it. */
  get client(): DynamoDBDocumentClient {
    return { send: async (command: unknown) => this.answer(command) } as unknown as DynamoDBDocumentClient;
  }

  /** The same tables, with somebody else listening. */
  heardBy(listener: Listener): MemoryDynamoDb {
    return new MemoryDynamoDb(listener, this.tables);
  }

  rows(tableName: string): Map<string, Row> {
    const rows = this.tables.get(tableName) ?? new Map<string, Row>();
    this.tables.set(tableName, rows);
    return rows;
  }

  private answer(command: unknown): object {
    if (command instanceof BatchGetCommand) return this.batchGet(command.input);
    if (command instanceof GetCommand) {
      this.listener.call('Get');
      return { Item: this.read(String(command.input.TableName), command.input.Key as Row) };
    }
    if (command instanceof PutCommand) return this.put(packed(command.input));
    if (command instanceof TransactWriteCommand)
      return this.transact((command.input.TransactItems ?? []).map(({ Put }) => packed(Put as PutCommandInput)));
    throw new Error(`no answer to ${(command as object).constructor.name}`);
  }

  private batchGet({ RequestItems = {} }: BatchGetCommandInput): object {
    this.listener.call('BatchGet');
    const found = Object.entries(RequestItems).map(([name, { Keys = [] }]) => [
      name,
      Keys.flatMap((key) => this.read(name, key) ?? []),
    ]);
    return { Responses: Object.fromEntries(found) };
  }

  private put(input: PutCommandInput): object {
    this.listener.call('Put');
    const holds = this.judge(input, false);
    if (!holds) throw named('ConditionalCheckFailedException');
    this.store(input);
    return {};
  }

  private transact(puts: readonly PutCommandInput[]): object {
    this.listener.call('TransactWrite');
    const verdicts = puts.map((put) => this.judge(put, true));
    const CancellationReasons = verdicts.map((holds) => ({ Code: holds ? 'None' : 'ConditionalCheckFailed' }));
    if (verdicts.includes(false)) throw named('TransactionCanceledException', { CancellationReasons });
    for (const put of puts) this.store(put);
    return {};
  }

  private read(tableName: string, key: Row): Row | undefined {
    const item = this.rows(tableName).get(keyText(key));
    this.listener.read(tableName, item);
    return item && unpackItem(item);
  }

  /** A write is billed whether its condition holds or not. */
  private judge(input: PutCommandInput, inTransaction: boolean): boolean {
    const tableName = String(input.TableName);
    const before = this.rows(tableName).get(keyText(input.Item as Row));
    this.listener.write(tableName, before, input.Item as Row, inTransaction);
    return conditionHolds(input, before);
  }

  private store({ TableName, Item }: PutCommandInput): void {
    this.writes += 1;
    if (!this.forgets) this.rows(String(TableName)).set(keyText(Item as Row), tight(Item as Row));
  }
}

const packed = (input: PutCommandInput): PutCommandInput => ({ ...input, Item: packItem(input.Item as Row) });

/** Bytes in a buffer of their own size: a million items with room to spare would not fit. */
export const tight = (item: Row): Row =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, value instanceof Uint8Array ? new Uint8Array(value) : value]),
  );

const keyText = ({ pk, sk }: Row): string => `${String(pk)}|${String(sk)}`;
const named = (name: string, more: object = {}): Error => Object.assign(new Error(name), { name, ...more });
