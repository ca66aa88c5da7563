import { longestText, type Quarantined } from './quarantine-line.ts';

/**
 * An item that is too long for one line becomes text on several lines. An item that nests too deeply for JSON is cut to
 * one line.
 */
export function inParts<Refused extends Pick<Quarantined, 'reason' | 'item'>>(refused: Refused): Refused[] {
  const { item, reason } = refused;
  const json = jsonOf(item);
  if (json === undefined || json.length <= longestText) return [refused];
  const parts = (typeof item === 'string' ? item : json).match(partOfText) ?? [];
  return parts.map((part, n) => ({
    ...refused,
    reason: `${reason}; got in ${parts.length} parts, this is part ${n + 1}`,
    item: part,
  }));
}

/** Escaping can make six characters of one. No character is cut in two. */
const partOfText = /.{1,49000}/gsu;

function jsonOf(item: unknown): string | undefined {
  try {
    return JSON.stringify(item);
  } catch {
    return undefined;
  }
}
