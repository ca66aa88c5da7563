/** Where a store is, so that a test can find what no store covers. */
export type Place =
  | { readonly in: 'template'; readonly type: string; readonly ids: RegExp }
  | { readonly in: 'profile table'; readonly partitions: readonly string[] }
  | { readonly in: 'lake bucket'; readonly prefixes: readonly string[] }
  | { readonly in: 'lake tables'; readonly tables: readonly string[] }
  | { readonly in: 'elsewhere' };

/** A place where personal data may lie, or where it must not. */
export interface Store {
  readonly name: string;
  readonly place: Place;
  /** What of a person is there; undefined if there must be nothing. */
  readonly holds?: string;
  /** Days until it goes by itself; undefined if it stays for good, or others decide. */
  readonly days?: number;
  /** How a person is removed from it. What nothing does yet is for a person to do by hand, or waits for its time. */
  readonly erasedBy: string;
  /** How somebody can see that it is gone, or that nothing is there. */
  readonly proof: string;
}

/** Resources of a type, by their logical ids. */
export const template = (type: string, ids: RegExp = /./): Place => ({ in: 'template', type, ids });

/** How a store ends that nobody empties. */
export const byTime = 'its time';
/** How a store is emptied that an erasure request empties. */
export const byRequest = 'an erasure request';
/** How a store is emptied whose eraser is still to be built. */
export const notYet = 'nothing yet';
/** How a store is emptied that only a person can empty. */
export const byHand = 'by hand';
/** What is kept of a person who was erased. */
export const stays = 'stays';
