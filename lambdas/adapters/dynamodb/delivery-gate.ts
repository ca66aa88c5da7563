import * as z from 'zod';
import { type Breaker, closedBreaker } from '../../core/destinations/breaker.ts';
import type { Pace } from '../../core/destinations/pace.ts';
import { batchGet } from './batch-get.ts';
import { putNext } from './conditional-put.ts';
import type { DeliveryPlace } from './delivery-memory.ts';
import { destinationKey } from './keys.ts';

/** The item of a breaker. */
export const BreakerItem = z.looseObject({
  recent: z.string(),
  openings: z.number(),
  openUntil: z.number().optional(),
  version: z.number(),
});
const PaceItem = z.looseObject({ nextAt: z.number(), version: z.number() });

/** What is known about a destination, and the versions of the items, which are 0 where there is none. */
export interface GateState {
  readonly breaker: Breaker;
  readonly breakerVersion: number;
  readonly pace: Pace | undefined;
  readonly paceVersion: number;
}

/**
 * The breaker and the pace of one destination, which all instances of its function share. Where nobody limits its rate,
 * each batch of messages reads the breaker alone.
 */
export function deliveryGate(
  { client, tableName, destination, pause }: DeliveryPlace,
  { isPaced }: { readonly isPaced: boolean } = { isPaced: true },
) {
  const place = { client, tableName };
  const keys = { breaker: destinationKey(destination, 'breaker'), pace: destinationKey(destination, 'pace') };

  return {
    async read(): Promise<GateState> {
      const rows = await batchGet(client, tableName, isPaced ? [keys.breaker, keys.pace] : [keys.breaker], pause);
      const breaker = rows.flatMap((row) => BreakerItem.safeParse(row).data ?? [])[0];
      const pace = rows.flatMap((row) => PaceItem.safeParse(row).data ?? [])[0];
      return {
        breaker: breaker ?? closedBreaker,
        breakerVersion: breaker?.version ?? 0,
        pace,
        paceVersion: pace?.version ?? 0,
      };
    },
    writeBreaker: ({ recent, openUntil, openings }: Breaker, version: number): Promise<boolean> =>
      putNext(place, { ...keys.breaker, recent, openings, ...(openUntil !== undefined && { openUntil }) }, version),
    writePace: ({ nextAt }: Pace, version: number): Promise<boolean> =>
      putNext(place, { ...keys.pace, nextAt }, version),
  };
}
