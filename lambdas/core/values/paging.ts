import { ascending } from './order.ts';
/** A part of a list: `limit` items from the place that the previous page returned in `next`. */
export interface Paging {
  readonly limit: number;
  readonly next?: string | undefined;
}

/**
 * An item of a list and its place: a text that orders the list, is the same on every call, and contains no personal
 * data.
 */
export type Positioned<Item> = readonly [place: string, item: Item];

/** A part of a list, and the place of the next one; undefined after the last. */
export interface Page<Item> {
  readonly items: readonly Positioned<Item>[];
  readonly next: string | undefined;
}

/** Cuts a page from a list. Places order the list, so a removed item neither repeats nor hides another. */
export function pageOf<Item>(
  list: readonly Positioned<Item>[],
  { limit, next }: Paging,
  direction: 'ascending' | 'descending' = 'ascending',
): Page<Item> {
  const sign = direction === 'ascending' ? 1 : -1;
  const ordered = [...list].sort(([a], [b]) => sign * ascending(a, b));
  const rest = next === undefined ? ordered : ordered.filter(([place]) => sign * ascending(place, next) >= 0);
  return { items: rest.slice(0, limit), next: rest[limit]?.[0] };
}
