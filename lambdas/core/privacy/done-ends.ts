import { saidIn } from '../consent/said-in.ts';
import type { Event } from '../events/event.ts';
import type { StoreEnd } from './next-receipt.ts';
import type { About, StoredRequest } from './request.ts';
import { identifiersStore, profilesStore } from './stores/table-stores.ts';

/** What became of the stores that a suppression changed. */
export const suppressedEnds = ({ keys, profileIds }: About): StoreEnd[] => [
  {
    store: identifiersStore,
    ended: 'kept out',
    found: keys.length,
    evidence: 'each has a barrier, and the list of barriers has it, too',
  },
  {
    store: profilesStore,
    ended: 'marked',
    found: profileIds.length,
    evidence: 'those that are there are in no segment, and destinations are told nothing else',
  },
];

/** What became of the stores that a lifting changed, which ended some suppressions. */
export const liftedEnds = (lifted: number): StoreEnd[] => [
  {
    store: identifiersStore,
    ended: 'let in',
    found: lifted,
    evidence: 'so many suppressions that shared an identifier with it ended; others stand',
  },
];

/** What became of the store that a rectification changed: how many traits it made right, and none of their values. */
export function rectifiedEnd(
  calls: readonly Event[],
  { erased, roomless }: { readonly erased: number; readonly roomless: number },
): StoreEnd {
  // What is said later of a trait counts: an earlier null only takes back what others said.
  const traits = new Map(calls.flatMap((call) => Object.entries(call.type === 'identify' ? (call.traits ?? {}) : {})));
  const removed = [...traits.values()].filter((value) => value === null).length;
  const since = erased === 0 ? '' : '; the person was erased since';
  const full = roomless === 0 ? '' : `; the profile has no room for ${roomless} of them, which only the lake has`;
  return {
    store: profilesStore,
    ended: 'rectified',
    found: traits.size - roomless,
    evidence: `it has what was said at ${calls[0]?.timestamp}: ${traits.size - removed} values, and ${removed} removed${full}${since}`,
  };
}

/** What became of the store that an opt-out changed. */
export function optedOutEnd({ purposes = [] }: StoredRequest, calls: readonly Event[], erased: number): StoreEnd {
  const said = calls.flatMap(({ context }) => saidIn(context));
  const what = purposes.length === 0 ? 'sale and sharing' : `the purposes ${purposes.join(', ')}`;
  const categories = [...new Set(said.map(([category]) => category))];
  const since = erased === 0 ? '' : `; ${erased} of the identifiers were erased since`;
  return {
    store: profilesStore,
    ended: 'opted out',
    found: said.length,
    evidence: `it has so many refusals of ${what} since ${calls[0]?.timestamp}, as ${categories.join(', ')}${since}`,
  };
}
