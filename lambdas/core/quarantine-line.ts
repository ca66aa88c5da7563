import type { RejectedItem } from './admission.ts';
import { limits } from './event.ts';
import { formatInstant } from './instant.ts';
import type { Line } from './record.ts';

/** Longest text kept of one rejected event, in characters: escaped and in UTF-8 it still fits a Firehose record. */
const longest = 300_000;

/** Writes a rejected event for the quarantine: the reason, and the event as JSON text, since it may be anything. */
export function quarantineLine({ item, rejection }: RejectedItem, sourceId: string, receivedAt: number): Line {
  const { text, truncated } = textOf(item);
  const { index, field, reason } = rejection;
  return { json: JSON.stringify({ receivedAt: formatInstant(receivedAt), sourceId, index, field, reason, truncated, event: text }) };
}

function textOf(item: unknown): { readonly text: string; readonly truncated: boolean } {
  const whole = stringify(item);
  const text = whole ?? JSON.stringify(pruned(item, limits.depth));
  return { text: text.slice(0, longest).toWellFormed(), truncated: whole === undefined || text.length > longest };
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
  if (typeof item !== 'object' || item === null) return item;
  if (levels === 0) return '…';
  if (Array.isArray(item)) return item.map((value) => pruned(value, levels - 1));
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, pruned(value, levels - 1)]));
}
