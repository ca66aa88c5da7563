import { isSentNumber } from '../values/json.ts';
import { limits } from './event.ts';
import type { Line } from './stream-record.ts';

/** An event that is put aside for good, with stage and reason. */
export interface Quarantined {
  /** The function that rejected it. */
  readonly stage: 'collect' | 'stitch' | 'import';
  /** Absent if the input was not an event. */
  readonly sourceId?: string | undefined;
  readonly receivedAt?: string | undefined;
  /** Position in the request's batch and the field at fault, if known. */
  readonly index?: number;
  readonly field?: string;
  /** Where a row of an import was found. */
  readonly place?: object;
  readonly reason: string;
  /** The event itself, which may be any value. */
  readonly item: unknown;
}

/** Longest text of one event on a line, in characters: escaped and in UTF-8 it fits a Firehose record. */
export const longestText = 300_000;

/** Writes an event for the quarantine: the reason, and the event as JSON text because it may be any value. */
export function quarantineLine({ item, ...about }: Quarantined): Line {
  const { stage, sourceId, receivedAt, index, field, place, reason } = about;
  const { text, truncated } = textOf(item);
  return { json: JSON.stringify({ stage, sourceId, receivedAt, index, field, place, reason, truncated, event: text }) };
}

function textOf(item: unknown): { readonly text: string; readonly truncated: boolean } {
  const whole = stringify(item);
  const text = whole ?? JSON.stringify(pruned(item, limits.depth));
  return {
    text: text.slice(0, longestText).toWellFormed(),
    truncated: whole === undefined || text.length > longestText,
  };
}

/** JSON.stringify recurses, and overflows its stack at a nesting of a few thousand levels, which JSON.parse reads. */
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
