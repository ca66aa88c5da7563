import type { Comparison } from '../comparisons/comparison.ts';
import type { Unit } from '../comparisons/zone.ts';
import type { Computation } from '../language/computation.ts';
import type { Zone } from '../language/definitions.ts';
import type { Count, DateComparison } from '../language/rule.ts';

/** Which times count, when somebody asks now: durations in milliseconds, dates as instants. */
export type Span =
  | { readonly kind: 'ever' }
  | { readonly kind: 'ages'; readonly from: number; readonly to: number }
  | { readonly kind: 'dates'; readonly from: number; readonly to: number }
  | { readonly kind: 'calendar'; readonly unit: Unit; readonly last: number };

/** A computation, the aggregate that answers it, and when. */
export interface Computing {
  readonly kind: Computation['kind'];
  readonly aggregate: string;
  readonly span: Span;
}

/** A part of a rule that reads one thing. */
export type Leaf =
  | { readonly kind: 'trait'; readonly name: string; readonly comparison: Comparison }
  | {
      readonly kind: 'date';
      readonly name: string;
      readonly comparison: Exclude<DateComparison, { operator: 'during' }>;
    }
  | { readonly kind: 'during'; readonly name: string; readonly span: Span }
  | { readonly kind: 'count'; readonly aggregate: string; readonly span: Span; readonly count: Count }
  | { readonly kind: 'sequence'; readonly aggregate: string; readonly span: Span }
  | { readonly kind: 'absence'; readonly first: string; readonly second: string; readonly apart: number }
  | {
      readonly kind: 'computed';
      readonly computing: Computing;
      readonly comparison: Comparison;
      /** A computed trait's own; without one that of the definition. */
      readonly zone?: Zone;
    }
  | { readonly kind: 'consent'; readonly category: string; readonly is: 'granted' | 'denied' | 'unknown' }
  | { readonly kind: 'identifier'; readonly type: string; readonly exists: boolean }
  | { readonly kind: 'knownFor'; readonly duration: number }
  /** Of an account of a person: whether it is in a segment of accounts. */
  | { readonly kind: 'member'; readonly key: string }
  | { readonly kind: 'sample'; readonly salt: string; readonly percent: number };

/** A rule that knows the aggregates it reads. */
export type Node =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly part: Node }
  | { readonly kind: 'account'; readonly part: Node }
  | { readonly kind: 'segment'; readonly key: string }
  | Leaf;

/** A definition that can be evaluated. */
export interface Compiled<Its> {
  readonly zone: Zone;
  readonly rule: Its;
  /** What must be true of a profile to have it, by consent alone. */
  readonly allowed?: Node | undefined;
  /** What it reads: a change of anything else cannot change it. */
  readonly reads: ReadonlySet<string>;
}

/** What stands where something is wrong, so that all else that is wrong is found, too. */
export const nothing: Node = { kind: 'any', parts: [] };
