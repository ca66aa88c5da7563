import type { Occurrence } from './occurrence.ts';

/** What an aggregate keeps, and how much of it. */
export type Shape =
  | { readonly kind: 'latest' | 'earliest'; readonly keep: number }
  | { readonly kind: 'series'; readonly keep: number; readonly buckets: number; readonly bucket: number }
  | { readonly kind: 'values' | 'frequency'; readonly keep: number }
  | { readonly kind: 'pairs'; readonly keep: number; readonly apart: number; readonly bucket: number }
  | { readonly kind: 'total' };

export type ShapeOf<Kind extends Shape['kind']> = Shape & { readonly kind: Kind };

/**
 * A kind of aggregate: a join of occurrences, so that neither their order nor how they were parted and merged matters.
 */
export interface Kind<Its extends Shape, State> {
  /** What one occurrence alone gives. */
  of(shape: Its, occurrence: Occurrence): State;
  /** What the occurrences of both give; `a` itself where `b` adds nothing to it. */
  join(shape: Its, a: State, b: State): State;
}
