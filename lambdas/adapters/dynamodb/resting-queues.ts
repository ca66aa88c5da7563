import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Breaker, closedBreaker } from '../../core/destinations/breaker.ts';
import type { Resting } from '../../core/destinations/polls.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet } from './batch-get.ts';
import { putNext } from './conditional-put.ts';
import { BreakerItem } from './delivery-gate.ts';
import { destinationKey, partitionOf, restingKey } from './keys.ts';

const RestingItem = z.looseObject({ since: z.record(z.string(), z.number()), version: z.number() });

/** The breakers of destinations, and whose queues are not polled because of them. */
export interface RestingState {
  readonly breakers: ReadonlyMap<string, Breaker>;
  readonly resting: Resting;
  /** Of the record; 0 if there is none. */
  readonly version: number;
}

/** Reads breakers, and keeps the record of queues that rest. */
export function restingQueues(client: DynamoDBDocumentClient, tableName: string, pause: WaitBeforeAttempt) {
  return {
    async read(destinations: readonly string[]): Promise<RestingState> {
      const ids = new Map(destinations.map((id) => [partitionOf(destinationKey(id, 'breaker')), id]));
      const keys = [restingKey, ...destinations.map((id) => destinationKey(id, 'breaker'))];
      const breakers = new Map<string, Breaker>(destinations.map((id) => [id, closedBreaker]));
      const state = { resting: new Map<string, number>(), version: 0 };
      for (const row of await batchGet(client, tableName, keys, pause)) {
        const id = ids.get(partitionOf(row));
        const breaker = BreakerItem.safeParse(row).data;
        if (id !== undefined && breaker !== undefined) breakers.set(id, breaker);
        const { since, version } = RestingItem.safeParse(row).data ?? {};
        if (id === undefined && since !== undefined)
          Object.assign(state, { resting: new Map(Object.entries(since)), version });
      }
      return { breakers, ...state };
    },

    /** Writes the record unless somebody has written it meanwhile. */
    write: (resting: Resting, version: number): Promise<boolean> =>
      putNext({ client, tableName }, { ...restingKey, since: Object.fromEntries(resting) }, version),
  };
}
