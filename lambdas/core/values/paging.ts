import { ascending } from './order.ts';
/** Which part of a list is asked for: `limit` items, from the place that the page before named in `next`. */
export interface Paging {
  readonly limit: number;
  readonly next?: string | undefined;
}

/** An item of a list and its place in it: a text that orders the list, is the same on every call, and names no one. */
export type Placed<Item> = readonly [place: string, item: Item];

/** A part of a list, and where the next one begins; undefined after the last. */
export interface Page<Item> {
  readonly items: readonly Placed<Item>[];
  readonly next: string | undefined;
}

/** Cuts a page from a list. Places order it, so one that is gone by the time of the next call neither repeats nor hides another. */
export function pageOf<Item>(
  list: readonly Placed<Item>[],
  { limit, next }: Paging,
  direction: 'ascending' | 'descending' = 'ascending',
): Page<Item> {
  const sign = direction === 'ascending' ? 1 : -1;
  const ordered = [...list].sort(([a], [b]) => sign * ascending(a, b));
  const rest = next === undefined ? ordered : ordered.filter(([place]) => sign * ascending(place, next) >= 0);
  return { items: rest.slice(0, limit), next: rest[limit]?.[0] };
}
