import { beginningOfUnit } from '../comparisons/zone.ts';
import type { Span } from '../program/node.ts';

/** From when until before when something is in a span that moves on with now. */
export interface Stay {
  readonly enters: number;
  readonly leaves: number;
}

const never: Stay = { enters: Number.POSITIVE_INFINITY, leaves: Number.POSITIVE_INFINITY };

/** When a time comes into a span, and when it leaves it. */
export function stayIn(span: Span, at: number, zone: string): Stay {
  switch (span.kind) {
    case 'ever':
      return { enters: at, leaves: Number.POSITIVE_INFINITY };
    case 'ages':
      return { enters: at + span.from, leaves: at + span.to };
    case 'dates':
      return at >= span.from && at < span.to ? { enters: at, leaves: Number.POSITIVE_INFINITY } : never;
    case 'calendar':
      return { enters: at, leaves: beginningOfUnit(at, zone, span.unit, span.last) };
  }
}

/** Whether something that stays so is there now. */
export const isThere = ({ enters, leaves }: Stay, now: number): boolean => enters <= now && now < leaves;

/** How many of things that stay so are there now. */
export function numberThere(stays: readonly Stay[], now: number): number {
  let number = 0;
  for (const stay of stays) if (isThere(stay, now)) number += 1;
  return number;
}

/** The instants at which things that stay so come and go. */
export function edgesOf(stays: readonly Stay[]): number[] {
  const edges: number[] = [];
  for (const { enters, leaves } of stays) edges.push(enters, leaves);
  return edges;
}
