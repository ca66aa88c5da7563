import { lakePrefix } from '../../contract/storage.ts';
import { asRaw, byTime, listed, prefixes, type Store, tables } from './store.ts';

const hashes = 'a keyed hash of the profile, or of an id of an event, another one at each destination';

/** What the lake has of attempts to deliver. No job has the keys of their hashes, so that only time takes them away. */
export const deliveryStores: readonly Store[] = [
  {
    name: 'files of attempts to deliver',
    place: prefixes(lakePrefix.attempts, lakePrefix.attemptErrors),
    holds: hashes,
    ...asRaw,
    erasedBy: byTime,
    proof: listed,
  },
  {
    name: 'attempts to deliver',
    place: tables('deliveries'),
    holds: hashes,
    days: 10,
    // Snapshots of before stay for a week, and files that nothing names for three days more.
    late: 10,
    erasedBy: byTime,
    proof: 'a query finds no older row with a person',
  },
];
