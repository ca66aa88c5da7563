import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import {
  type AggregateRegistry,
  firstRegistry,
  parseRegistry,
  toRegistryItem,
} from '../../core/segments/history/registry.ts';
import type { WriteOutcome } from '../../core/stitching/profile-write.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet } from './batch-get.ts';
import { conditionalPut, writeTogether } from './conditional-put.ts';
import { ofProfile, registryKey } from './keys.ts';
import { classify } from './write-outcome.ts';

/** A registry as it was read, with the version that a write expects. */
export type StoredRegistry = ReturnType<typeof parseRegistry>;

/** Milliseconds for which an instance works with what it read. */
const aMinute = 60_000;

/** The registry of aggregates, an item of the profile table. */
export function registryTable(client: DynamoDBDocumentClient, TableName: string, pause: WaitBeforeAttempt) {
  async function read(): Promise<StoredRegistry | undefined> {
    const [item] = await batchGet(client, TableName, [registryKey], pause);
    return item && parseRegistry(item);
  }

  return {
    read,
    /** Writes it if nobody has since it was read; `version` is undefined if there must be none. */
    async write(registry: AggregateRegistry, version: number | undefined): Promise<WriteOutcome> {
      const item = { ...registryKey, ...toRegistryItem(registry, (version ?? 0) + 1) };
      try {
        await writeTogether(client, [conditionalPut(TableName, item, version)]);
        return { kind: 'written' };
      } catch (error) {
        return classify(error);
      }
    },
    /**
     * Whether the table has no profiles. A page of a scan may have none though a later one has some: it may be full of
     * the people of one account.
     */
    async isEmpty(): Promise<boolean> {
      const ofProfiles = {
        TableName,
        ConsistentRead: true,
        ProjectionExpression: '#pk',
        FilterExpression: 'begins_with(#pk, :of)',
        ExpressionAttributeNames: { '#pk': table.partitionKey },
        ExpressionAttributeValues: { ':of': ofProfile },
      };
      for await (const { Items = [] } of paginateScan({ client }, ofProfiles)) if (Items.length > 0) return false;
      return true;
    },
  };
}

/** Nothing counts before a deployment wrote the registry: the histories will have it. */
const unwritten = firstRegistry([]);

/**
 * Makes a reader of the registry that reads it at most once a minute, by default; callers at one time share a read.
 * That there is none is not kept: who is decided without one loses what is due of them.
 */
export function freshRegistry(read: () => Promise<StoredRegistry | undefined>, now: () => number, longest = aMinute) {
  let kept: { readonly registry: AggregateRegistry; readonly at: number } | undefined;
  let reading: Promise<AggregateRegistry> | undefined;
  const readAgain = async (): Promise<AggregateRegistry> => {
    const at = now();
    const registry = (await read())?.registry;
    if (registry !== undefined) kept = { registry, at };
    return registry ?? unwritten;
  };
  return async (): Promise<AggregateRegistry> => {
    if (kept !== undefined && now() - kept.at < longest) return kept.registry;
    reading ??= readAgain().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
