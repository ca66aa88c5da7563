import type { Retention } from '../contract/retention.ts';
import { daysOfExports } from './lake-end.ts';
import { byLake, byRequest, daysOf, type Store } from './stores/store.ts';
import { stores } from './stores/stores.ts';

/** Hours for which deliveries may still try to tell destinations that somebody left: four and a rest. */
export const hoursOfDeliveries = 5;

/** Hourly runs that an erasure may wait for: one begins it, one deletes the profile, and one sees the end. */
const runs = 3;

/** Days for the lake's eraser: it runs within one, old files go after seven, and the next run says so within one. */
const daysOfEraser = 9;

/** How long an erasure takes, and the store that ends last. */
export interface LongestErasure {
  readonly days: number;
  readonly store: Store;
}

/** The days after which an erasure of a deployment is completed at the latest, if nobody keeps it waiting. */
export function longestErasure(retention: Retention): LongestErasure {
  const before = (hoursOfDeliveries + runs) / 24;
  const ends = stores
    .filter(({ holds, erasedBy }) => holds !== undefined && !erasedBy.startsWith(byRequest))
    .map((store) => {
      const lake = store.erasedBy.startsWith(byLake) ? daysOfExports + daysOfEraser : 0;
      return { days: before + lake + (daysOf(store, retention) ?? 0), store };
    });
  return ends.reduce((last, end) => (end.days > last.days ? end : last));
}
