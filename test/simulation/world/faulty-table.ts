import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { deliveryPrefix } from '../../../lambdas/core/contract/storage.ts';
import type { Item } from '../../fakes/condition-expression.ts';
import { type IndexPage, type IndexQuery, queryIndex, queryPartition } from '../../fakes/index-query.ts';
import type { Update } from '../../fakes/item-update.ts';
import { type Action, actionKey, keyOf, type MemoryStore } from '../../fakes/memory-store.ts';
import { cancelled, NoAnswer, tableError } from '../../fakes/table-error.ts';
import { underway, type Worker, type World } from '../running/worker.ts';

type Keys = readonly Item[];
interface Put {
  readonly Item?: Item | undefined;
}

/**
 * The table as one worker sees it through the document client: the store behind, with everything that DynamoDB does to
 * its callers.
 */
export class FaultyTable {
  /** Items of transactions that are prepared and not yet through. */
  private readonly locked = new Set<string>();
  private readonly lastWriter = new Map<string, string>();

  private readonly store: MemoryStore;
  private readonly world: World;

  constructor(store: MemoryStore, world: World) {
    this.store = store;
    this.world = world;
  }

  clientFor(worker: Worker): DynamoDBDocumentClient {
    const send = async (command: unknown) => {
      if (command instanceof BatchGetCommand) return this.batchGet(worker, command.input.RequestItems ?? {});
      if (command instanceof GetCommand)
        return { Item: await worker.call('get', () => this.store.get(command.input.Key ?? {})) };
      if (command instanceof PutCommand) return this.put(worker, command.input as Put);
      if (command instanceof QueryCommand) return this.query(worker, command.input as IndexQuery);
      if (command instanceof UpdateCommand) return this.update(worker, command.input as Update);
      if (command instanceof TransactWriteCommand)
        return this.transact(worker, (command.input.TransactItems ?? []) as readonly Action[]);
      throw new Error(`${(command as object).constructor.name} is not known here`);
    };
    // Paginators ask whether it is one.
    return Object.assign(Object.create(DynamoDBDocumentClient.prototype), { send }) as DynamoDBDocumentClient;
  }

  /** Each item is read as it is at some instant of the call, not all at the same; some keys may be left unread. */
  private async batchGet(worker: Worker, request: Readonly<Record<string, { Keys?: Keys | undefined }>>) {
    const [[name, { Keys = [] }] = ['', {}]] = Object.entries(request);
    const { chance, rates, tally } = this.world;
    const unread = new Set<Item>();
    const early = await worker.call('read', () => {
      this.store.checkKeys(Keys);
      if (chance.happens(rates.throttled))
        throw this.fault('read throttled', tableError('ProvisionedThroughputExceededException'));
      if (Keys.length > 1 && chance.happens(rates.partial))
        for (const key of Keys.slice(1)) if (chance.happens(0.5)) unread.add(key);
      if (unread.size > 0) tally.add('fault: keys left unread');
      return this.read(Keys.filter((key) => !unread.has(key) && chance.happens(0.5)));
    });
    const late = await worker.call('read on', () =>
      this.read(Keys.filter((key) => !unread.has(key) && !early.has(key))),
    );
    const rows = [...early.values(), ...late.values()].flatMap((row) => row ?? []);
    return {
      Responses: { [name]: rows },
      UnprocessedKeys: unread.size > 0 ? { [name]: { ...request[name], Keys: [...unread] } } : {},
    };
  }

  private read(keys: Keys): Map<Item, Item | undefined> {
    return new Map(keys.map((key) => [key, this.store.get(key)]));
  }

  /** A partition is as it is; the index does not show what a write changes before the next turn. */
  private async query(worker: Worker, query: IndexQuery): Promise<IndexPage> {
    const { chance, rates } = this.world;
    const asItWas = await worker.call('query', () => {
      if (chance.happens(rates.throttled))
        throw this.fault('query throttled', tableError('ProvisionedThroughputExceededException'));
      const ask = query.IndexName === undefined ? queryPartition : queryIndex;
      return ask(this.store.items.values(), query);
    });
    if (query.IndexName !== undefined) await worker.call('query on', () => {});
    return asItWas;
  }

  private update(worker: Worker, update: Update) {
    return worker.call('update', () => {
      this.throttle(() => tableError('ThrottlingException'));
      if (this.locked.has(keyOf(update.Key ?? {})))
        throw this.met('an update meets a transaction', tableError('TransactionConflictException'));
      this.store.update(update);
      return {};
    });
  }

  private put(worker: Worker, put: Put) {
    const key = keyOf(put.Item ?? {});
    return worker.call('put', () => {
      const { chance, rates, tally } = this.world;
      this.throttle(() => tableError('ThrottlingException'));
      if (this.locked.has(key)) throw this.met('a put meets a transaction', tableError('TransactionConflictException'));
      this.tryPut(worker, put, key);
      if (!chance.happens(rates.noAnswer)) return {};
      if (chance.happens(0.5)) throw this.fault('write took effect, answer lost', new NoAnswer());
      tally.add('fault: write took effect, answer lost, sent again by the SDK');
      this.tryPut(worker, put, key);
      return {};
    });
  }

  private tryPut(worker: Worker, put: Put, key: string): void {
    try {
      this.store.put(put);
      this.lastWriter.set(key, worker.name);
    } catch (error) {
      throw this.explain(error as Error, worker, [key]);
    }
  }

  /**
   * Two turns: prepared, with its items locked against everybody else, and through. What is prepared goes through even
   * if its caller dies.
   */
  private async transact(worker: Worker, actions: readonly Action[]) {
    const keys = actions.map(actionKey);
    const { chance, rates } = this.world;
    await worker.call('transact', () => {
      this.throttle(() => cancelled(actions.map((_, n) => ({ Code: n === 0 ? 'ThrottlingError' : 'None' }))));
      this.refuseOverlap(keys);
      return this.prepared(worker, actions, keys);
    });
    // The SDK sends its token along, so a transaction that is sent again is not done again.
    if (chance.happens(rates.noAnswer)) throw this.fault('transaction took effect, answer lost', new NoAnswer());
    return {};
  }

  /** The service finishes by itself, in a turn of its own. */
  private prepared(worker: Worker, actions: readonly Action[], keys: readonly string[]): Promise<void> {
    let commit: () => void;
    try {
      commit = this.store.prepare(actions);
    } catch (error) {
      throw this.explain(error as Error, worker, keys);
    }
    for (const key of keys) this.locked.add(key);
    const through = this.world.turns.take('the table commits', () => {
      commit();
      for (const key of keys) {
        this.locked.delete(key);
        this.lastWriter.set(key, worker.name);
      }
    });
    return underway(this.world, through);
  }

  private refuseOverlap(keys: readonly string[]): void {
    if (!keys.some((key) => this.locked.has(key))) return;
    throw this.met(
      'a transaction meets another',
      cancelled(keys.map((key) => ({ Code: this.locked.has(key) ? 'TransactionConflict' : 'None' }))),
    );
  }

  private throttle(error: () => Error): void {
    const { chance, rates } = this.world;
    if (chance.happens(rates.writesThrottled)) throw this.fault('write throttled', error());
  }

  /**
   * Counts what a failed condition means: somebody else was first, or the caller itself, whose first answer was lost.
   */
  private explain(error: Error, worker: Worker, keys: readonly string[]): Error {
    const { CancellationReasons } = error as { CancellationReasons?: { Code: string }[] };
    const codes = CancellationReasons?.map(({ Code }) => Code) ?? keys.map(() => error.name);
    keys.forEach((key, n) => {
      if (!codes[n]?.startsWith('ConditionalCheckFailed')) return;
      this.world.tally.add(
        `contention: ${this.whatIs(key)} written by ${this.lastWriter.get(key) === worker.name ? 'the same worker before' : 'another worker'}`,
      );
    });
    if (/Validation/.test([error.name, ...codes].join())) this.world.tally.add('fault: item refused for its size');
    return error;
  }

  private whatIs(key: string): string {
    if (key.startsWith('identifier#')) return 'identifier';
    if (key.startsWith(deliveryPrefix)) return 'delivery';
    return this.store.items.get(key)?.kind === 'tombstone' ? 'merged profile' : 'profile';
  }

  private fault<E extends Error>(name: string, error: E): E {
    this.world.tally.add(`fault: ${name}`);
    return error;
  }

  private met<E extends Error>(name: string, error: E): E {
    this.world.tally.add(`contention: ${name}`);
    return error;
  }
}
