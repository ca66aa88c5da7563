import type { Outcome } from './outcome.ts';

/** A call in Segment's form, as every destination of the catalogue reads it. */
export interface Call {
  readonly type: 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
}

/** One thing to tell a destination: an audience event, a trait update or a forwarded event. */
export interface Item {
  /** Says what it is the news of: items with the same id tell the same. */
  readonly id: string;
  readonly call: Call;
  /** The segment or computed trait that it is about; absent for a forwarded event. */
  readonly about?: string | undefined;
  /** Whom it is about; absent for a forwarded event. */
  readonly profileId?: string | undefined;
  /** When its message was queued, milliseconds since 1970: the same at every try. Absent if nobody queued it. */
  readonly queued?: number | undefined;
}

/** What a destination may know about one attempt. */
export interface DeliveryContext {
  /** Milliseconds since 1970 by which the attempt must end. */
  readonly deadline: number;
}

/** Items that a destination takes in one call. */
export interface Batches {
  /** Maximum of items in one call. */
  readonly size: number;
  /** Items go together only under the same key. They also are about the same segment, and each about another person. */
  readonly keyOf: (item: Item) => string;
  /** Whether a call may have several items about one person, as a file may. */
  readonly severalOfOne?: boolean | undefined;
}

/** A tool that is told things: the webhook, one of the catalogue's, a native one or a team's own. */
export interface Destination {
  /** Absent if it takes one item at a time. */
  readonly batches?: Batches | undefined;
  /** Tells the items and returns the outcome of each, in their order. What it throws is the outcome of them all. */
  readonly deliver: (items: readonly Item[], context: DeliveryContext) => Promise<readonly Outcome[]>;
}
