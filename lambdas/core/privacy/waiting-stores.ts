import type { Retention } from '../contract/retention.ts';
import { type LakeSays, lakeEnd } from './lake-end.ts';
import { isForReport, isOpen, type StoredRequest } from './request.ts';
import { byHand, byLake, byRequest, daysOf, type Store, stays } from './stores/store.ts';
import { stores } from './stores/stores.ts';

/** A store that still holds an erased person, or may, and what it waits for. */
export interface WaitingStore {
  readonly store: string;
  readonly waitsFor: string;
}

/** What stores of a deployment end by: the days for which it keeps data, and what the lake's eraser says. */
export interface EndsBy {
  readonly retention: Retention;
  readonly lake: LakeSays;
}

const day = 86_400_000;

/**
 * The stores that an erasure waits for: as long as there is one, the request is not completed. What goes by itself
 * counts from when the profile table was emptied, because until then the platform could copy the person.
 */
export const waitingStores = (request: StoredRequest, now: string, ends: EndsBy): WaitingStore[] =>
  stores.flatMap((store) => {
    const waitsFor =
      store.holds === undefined || isReceipted(store, request) ? undefined : waitOf(store, request, now, ends);
    return waitsFor === undefined ? [] : [{ store: store.name, waitsFor }];
  });

/** The stores of an erasure that ended and have no receipt yet. */
export function unreceipted(request: StoredRequest, now: string, ends: EndsBy): Store[] {
  if (request.type !== 'erasure' || request.tableEmptiedAt === undefined) return [];
  const waiting = new Set(waitingStores(request, now, ends).map(({ store }) => store));
  return stores.filter(
    (store) => store.holds !== undefined && !waiting.has(store.name) && !isReceipted(store, request),
  );
}

/**
 * Whether a run does something for a request now, and it does not only wait for its time or for somebody. What a source
 * filed waits for somebody who begins it: a deleted record may be a mistake of many.
 */
export function canGoOn(request: StoredRequest, now: string, ends: EndsBy): boolean {
  if (request.state === 'received' && request.source !== undefined) return false;
  if (request.state !== 'waiting') return isOpen(request);
  if (isForReport(request)) return false;
  if (request.tableEmptiedAt === undefined) return now >= (request.deleteAfter ?? '');
  return unreceipted(request, now, ends).length > 0 || waitingStores(request, now, ends).length === 0;
}

/** The stores that a person empties, and then says so. */
export const storesByHand: readonly string[] = stores
  .filter(({ erasedBy }) => erasedBy.startsWith(byHand))
  .map(({ name }) => name);

const isReceipted = ({ name }: Store, { receipts = [] }: StoredRequest): boolean =>
  receipts.some(({ store }) => store === name);

function waitOf(store: Store, request: StoredRequest, now: string, { retention, lake }: EndsBy): string | undefined {
  const { name, erasedBy } = store;
  const days = daysOf(store, retention);
  const { tableEmptiedAt, deleteAfter, settled = [] } = request;
  if (erasedBy.startsWith(stays)) return undefined;
  if (erasedBy.startsWith(byHand)) return settled.includes(name) ? undefined : 'somebody who says that it is done';
  if (erasedBy.startsWith(byRequest))
    return tableEmptiedAt === undefined ? `the request itself, not before ${deleteAfter ?? 'it runs'}` : undefined;
  if (erasedBy.startsWith(byLake)) {
    const since = lakeEndedAt(request);
    if (days === undefined) return lakeEnd(request, lake).waitsFor;
    if (since !== undefined) return waitOfTime(since, days, now);
    return lakeEnd(request, lake).waitsFor ?? `its time: ${days} days after the tables of the lake`;
  }
  if (days === undefined) return `its eraser: ${erasedBy}`;
  if (tableEmptiedAt === undefined) return `its time: ${days} days after the profile table is empty`;
  return waitOfTime(tableEmptiedAt, days, now);
}

function waitOfTime(since: string, days: number, now: string): string | undefined {
  const until = new Date(Date.parse(since) + days * day).toISOString();
  return until <= now ? undefined : `its time: ${until}`;
}

/** When the last table of the lake got its receipt; undefined as long as one has none. */
export function lakeEndedAt(request: StoredRequest): string | undefined {
  const tables = stores.filter(({ erasedBy, days }) => erasedBy.startsWith(byLake) && days === undefined);
  const ends = tables.map(({ name }) => request.receipts?.find(({ store }) => store === name)?.at ?? '');
  return ends.includes('') ? undefined : ends.sort().at(-1);
}
