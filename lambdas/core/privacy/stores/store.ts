import { defaultRetention, type Retention } from '../../contract/retention.ts';
import { ownValue } from '../../values/own-value.ts';

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
  /** The prop that sets these days. */
  readonly setBy?: keyof Retention;
  /** Days that it keeps at most, however long the prop is. */
  readonly atMost?: number;
  /** Days by which its service may be late. */
  readonly late?: number;
  /** How a person is removed from it. What nothing does yet is for a person to do by hand, or waits for its time. */
  readonly erasedBy: string;
  /** What is counted of it before an erasure request deletes it. */
  readonly counted?: 'profiles' | 'identifiers' | 'told';
  /** How somebody can see that it is gone, or that nothing is there. */
  readonly proof: string;
}

/**
 * Days by which S3 may be late: it looks once a day, and what it deletes is an earlier version for one more day, until
 * it looks again.
 */
export const lateS3 = 3;

/** Days by which CloudWatch may be late: up to 72 hours, as it documents. */
export const lateLogs = 3;

/** Objects of the lake bucket, by the beginning of their keys. */
export const prefixes = (...names: readonly string[]): Place => ({ in: 'lake bucket', prefixes: names });

/** How somebody sees that objects are gone. */
export const listed = 'a list of the prefix shows nothing older';

/** For as long as raw events. */
export const asRaw = { days: defaultRetention.rawRetention, setBy: 'rawRetention', late: lateS3 } as const;

/** Tables of the lake. */
export const tables = (...names: readonly string[]): Place => ({ in: 'lake tables', tables: names });

/** Resources of a type, by their logical ids. */
export const template = (type: string, ids: RegExp = /./): Place => ({ in: 'template', type, ids });

/** How a store ends that nobody empties. */
export const byTime = 'its time';
/** How a store is emptied that an erasure request empties. */
export const byRequest = 'an erasure request';
/** How a store is emptied that a job of the lake empties; with days, it ends so many days after the lake's tables. */
export const byLake = 'the lake’s eraser';
/** How a store is emptied that only a person can empty. */
export const byHand = 'by hand';
/** What is kept of a person who was erased. */
export const stays = 'stays';

/** The days after which a store of a deployment has nothing of an erased person any more; undefined if it stays. */
export function daysOf(
  { days, setBy, atMost = Number.POSITIVE_INFINITY, late = 0 }: Store,
  retention: Retention,
): number | undefined {
  const set = setBy === undefined ? days : ownValue(retention, setBy);
  const kept = set === undefined ? undefined : Math.min(set, atMost);
  return kept === undefined ? undefined : kept + late;
}
