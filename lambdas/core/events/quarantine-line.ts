import { isSentNumber } from '../values/json.ts';
import { limits } from './event.ts';
import type { Line } from './stream-record.ts';

/** An event that is put aside for good, where and why. */
export interface Quarantined {
  /** The function that could do nothing with it. */
  readonly stage: 'collect' | 'stitch';
  /** Absent where what was read is no event and so names no source. */
  readonly sourceId?: string | undefined;
  readonly receivedAt?: string | undefined;
  /** Position in the request's batch, and the field at fault, where there is one. */
  readonly index?: number;
  readonly field?: string;
  readonly reason: string;
  /** The event itself; it may be anything. */
  readonly item: unknown;
}

/** Longest text kept of one event on one line, in characters: escaped and in UTF-8 it still fits a Firehose record. */
export const longestText = 300_000;

/** Writes an event for the quarantine: the reason, and the event as JSON text, since it may be anything. */
export function quarantineLine({ stage, sourceId, receivedAt, index, field, reason, item }: Quarantined): Line {
  const { text, truncated } = textOf(item);
  return { json: JSON.stringify({ stage, sourceId, receivedAt, index, field, reason, truncated, event: text }) };
}

function textOf(item: unknown): { readonly text: string; readonly truncated: boolean } {
  const whole = stringify(item);
  const text = whole ?? JSON.stringify(pruned(item, limits.depth));
  return {
    text: text.slice(0, longestText).toWellFormed(),
    truncated: whole === undefined || text.length > longestText,
  };
}

/** JSON.stringify recurses, so nesting of a few thousand levels, which JSON.parse reads, overflows its stack. */
function stringify(item: unknown): string | undefined {
  try {
    return JSON.stringify(item);
  } catch {
    return undefined;
  }
}

function pruned(item: unknown, levels: number): unknown {
  if (typeof item !== 'object' || item === null || isSentNumber(item)) return item;
  if (levels === 0) return '…';
  if (Array.isArray(item)) return item.map((value) => pruned(value, levels - 1));
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, pruned(value, levels - 1)]));
}
