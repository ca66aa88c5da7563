import type { Retention } from '../contract/retention.ts';
import { isOpen, type StoredRequest } from './request.ts';
import { byHand, byRequest, daysOf, notYet, type Store, stays } from './stores/store.ts';
import { stores } from './stores/stores.ts';

/** A store that still holds an erased person, or may, and what it waits for. */
export interface WaitingStore {
  readonly store: string;
  readonly waitsFor: string;
}

const day = 86_400_000;

/**
 * The stores that an erasure waits for: as long as there is one, the request is not completed. What goes by itself
 * counts from when the profile table was emptied, because until then the platform could copy the person.
 */
export const waitingStores = (request: StoredRequest, now: string, retention: Retention): WaitingStore[] =>
  stores.flatMap((store) => {
    const waitsFor = store.holds === undefined ? undefined : waitOf(store, request, now, retention);
    return waitsFor === undefined ? [] : [{ store: store.name, waitsFor }];
  });

/** The stores of an erasure that ended and have no receipt yet. */
export function unreceipted(request: StoredRequest, now: string, retention: Retention): Store[] {
  if (request.type !== 'erasure' || request.tableEmptiedAt === undefined) return [];
  const waiting = new Set(waitingStores(request, now, retention).map(({ store }) => store));
  const done = new Set((request.receipts ?? []).map(({ store }) => store));
  return stores.filter(({ name, holds }) => holds !== undefined && !waiting.has(name) && !done.has(name));
}

/**
 * Whether a run does something for a request now, and it does not only wait for its time or for somebody. What a source
 * filed waits for somebody who begins it: a deleted record may be a mistake of many.
 */
export function canGoOn(request: StoredRequest, now: string, retention: Retention): boolean {
  if (request.state === 'received' && request.source !== undefined) return false;
  if (request.state !== 'waiting') return isOpen(request);
  if (request.tableEmptiedAt === undefined) return now >= (request.deleteAfter ?? '');
  return unreceipted(request, now, retention).length > 0 || waitingStores(request, now, retention).length === 0;
}

/** The stores that a person empties, and then says so. */
export const storesByHand: readonly string[] = stores
  .filter(({ erasedBy }) => erasedBy.startsWith(byHand))
  .map(({ name }) => name);

function waitOf(store: Store, request: StoredRequest, now: string, retention: Retention): string | undefined {
  const { name, erasedBy } = store;
  const days = daysOf(store, retention);
  const { tableEmptiedAt, deleteAfter, settled = [] } = request;
  if (erasedBy.startsWith(stays)) return undefined;
  if (erasedBy.startsWith(notYet)) return 'nothing erases it yet';
  if (erasedBy.startsWith(byHand)) return settled.includes(name) ? undefined : 'somebody who says that it is done';
  if (erasedBy.startsWith(byRequest))
    return tableEmptiedAt === undefined ? `the request itself, not before ${deleteAfter ?? 'it runs'}` : undefined;
  if (days === undefined) return `its eraser: ${erasedBy}`;
  if (tableEmptiedAt === undefined) return `its time: ${days} days after the profile table is empty`;
  const until = new Date(Date.parse(tableEmptiedAt) + days * day).toISOString();
  return until <= now ? undefined : `its time: ${until}`;
}
