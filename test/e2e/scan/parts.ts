import { lakePrefix } from '../../../lambdas/core/contract/storage.ts';
import type { Place, Store } from '../../../lambdas/core/privacy/stores/store.ts';
import { stores } from '../../../lambdas/core/privacy/stores/stores.ts';

/** Place of the results of queries in the lake bucket. */
export const resultsPrefix = 'athena-results/';

/** The stores, each by its tables, prefixes or partitions, so that no part stands for another one. */
export const parts: readonly Store[] = stores.flatMap((store) => {
  const places = placesOf(store.place);
  return places.length === 1
    ? [store]
    : places.map(([part, place]) => ({ ...store, name: `${store.name}: ${part}`, place }));
});

function placesOf(place: Place): (readonly [string, Place])[] {
  switch (place.in) {
    case 'profile table':
      return place.partitions.map((part) => [part, { in: place.in, partitions: [part] }]);
    case 'lake bucket':
      return place.prefixes.map((part) => [part, { in: place.in, prefixes: [part] }]);
    case 'lake tables':
      return place.tables.map((part) => [part, { in: place.in, tables: [part] }]);
    default:
      return [['', place]];
  }
}

/** Whether a file of the lake bucket is one of a table: it lies below its name, whatever Glue's database is called. */
export const isOfTable = (key: string, tables: readonly string[]): boolean =>
  key.startsWith(lakePrefix.tables) &&
  key
    .split('/')
    .slice(1, -2)
    .some((folder) => tables.includes(folder));

/** Whether some store has a current object of the lake bucket. */
export const isClaimed = (key: string): boolean =>
  key.startsWith(resultsPrefix) ||
  stores.some(
    ({ place }) =>
      (place.in === 'lake bucket' && place.prefixes.some((prefix) => key.startsWith(prefix))) ||
      (place.in === 'lake tables' && isOfTable(key, place.tables)),
  );
