import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import { type Barrier, joinBarriers } from '../../core/privacy/barrier.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { conditionalPut, type TransactItem, writeTogether } from './conditional-put.ts';
import { keyedIn, keyedOwner, stateKey } from './keys.ts';
import { asRead, barrierIn, barrierOfRow, ownerIn } from './owner-items.ts';
import { classify } from './write-outcome.ts';

/** Somebody wrote to an identifier's item before every attempt to set its barrier. */
class NotRaised extends Error {
  override readonly name = 'NotRaised';
}

/** What the next item of an identifier is made of. */
type Next = (row: Row) => Row;

/** Barriers on the items of identifiers, which others have turned into keys. Each call may be repeated. */
export function barrierItems(client: DynamoDBDocumentClient, tableName: string, pause: WaitBeforeAttempt) {
  /**
   * The mark on the live profile of an identifier whose item changes: stitch then reads that item, whatever it
   * remembers, and what it has planned before is planned again.
   */
  async function barredOwner(owner: ProfileId | undefined): Promise<TransactItem[]> {
    for (let at = owner; at !== undefined; ) {
      const [row] = await batchGet(client, tableName, [stateKey(at)], pause);
      if (row === undefined || row.barred === true) return [];
      if (row.kind === 'tombstone') at = String(row.mergedInto);
      else {
        const { [table.changes]: _told, [table.log]: _logged, ...profile } = row;
        const version = Number(row.version);
        return [conditionalPut(tableName, { ...profile, barred: true, version: version + 1 }, version)];
      }
    }
    return [];
  }

  /** Puts the next item in the place of the one that was read, with its barrier and its owner as they were. */
  async function change(keyed: string, next: Next): Promise<ProfileId | undefined> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const [row = {}] = await batchGet(client, tableName, [keyedOwner(keyed)], pause);
      try {
        const Item = { ...next(row), ...keyedOwner(keyed) };
        const put = { Put: { TableName: tableName, Item, ...asRead(row) } };
        await writeTogether(client, [put, ...(await barredOwner(ownerIn(row)))]);
        return ownerIn(row);
      } catch (error) {
        if (classify(error).kind !== 'contended') throw error;
        await pause(attempt);
      }
    }
    throw new NotRaised(`an identifier's item changed before each of ${maxAttempts} attempts to set its barrier`);
  }

  return {
    /** Keeps out all events of an identifier from now on; its profile stays. */
    suppress: (keyed: string) =>
      change(keyed, (row) => withBarrier(row, joinBarriers(barrierIn(row), { suppressed: true }))),

    /** Sets what is left of a barrier, once a suppression is lifted; what an erasure or a release set stays. */
    lift: (keyed: string) =>
      change(keyed, (row) => {
        const { suppressed: _lifted, ...left } = barrierIn(row) ?? {};
        return withBarrier(row, left);
      }),

    /**
     * Keeps out what happened up to a time, and takes the identifier from the profiles that are erased. Whoever else
     * has it keeps it, and what happened to it.
     */
    erase: (keyed: string, erased: string, isErased: (profileId: ProfileId) => boolean) =>
      change(keyed, (row) => {
        const owner = ownerIn(row);
        if (owner !== undefined && !isErased(owner)) return row;
        return withBarrier({}, joinBarriers(barrierIn(row), { erased }));
      }),

    /**
     * Sets what a list says of an identifier in the place of its barrier, and takes the identifier from the profiles
     * that are erased. What releases set stays.
     */
    set: (keyed: string, said: Barrier | undefined, isErased: (profileId: ProfileId) => boolean) =>
      change(keyed, (row) => {
        const owner = ownerIn(row);
        const { released } = barrierIn(row) ?? {};
        const left = owner !== undefined && isErased(owner) ? {} : row;
        return withBarrier(left, { ...said, ...(released && { released }) });
      }),

    /** The barrier of each of some identifiers and the profile that its item names, if there is an item. */
    async owned(keys: readonly string[]): Promise<ReadonlyMap<string, OwnedItem>> {
      const rows = await batchGet(client, tableName, keys.map(keyedOwner), pause);
      return new Map(rows.map((row) => [keyedIn(row), { owner: ownerIn(row), barrier: barrierIn(row) }]));
    },

    read: async (keyed: string): Promise<Barrier | undefined> => {
      const [row] = await batchGet(client, tableName, [keyedOwner(keyed)], pause);
      return row && barrierIn(row);
    },

    /** Every barrier, by what stands for its identifier. It reads the whole table. */
    async all(): Promise<[keyed: string, barrier: Barrier | undefined][]> {
      const found: [string, Barrier | undefined][] = [];
      for await (const { Items = [] } of paginateScan(
        { client },
        { TableName: tableName, ConsistentRead: true, ...barred },
      ))
        found.push(...Items.map((row): [string, Barrier | undefined] => [keyedIn(row), barrierIn(row)]));
      return found;
    },
  };
}
/** What the item of an identifier says. */
export interface OwnedItem {
  readonly owner: ProfileId | undefined;
  readonly barrier: Barrier | undefined;
}
export type BarrierItems = ReturnType<typeof barrierItems>;

const barred = {
  FilterExpression: 'attribute_exists(#barrier)',
  ExpressionAttributeNames: { '#barrier': table.barrier },
};

const withBarrier = (row: Row, barrier: Barrier): Row => ({ ...row, ...barrierOfRow(barrier) });
