import { isNumber, numberText } from '../../values/json.ts';

/** A place in a database's log. Its numbers count one after the other; a snapshot comes before what follows it. */
export type Position = readonly bigint[];

/** Which of two places in one log comes first. */
export function comparePositions(a: Position, b: Position): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (part !== other) return part < other ? -1 : 1;
  }
  return a.length - b.length;
}

/** A place as a text: the texts of places sort as the places do. */
export const positionText = (position: Position): string =>
  position.map((part) => String(part).padStart(20, '0')).join('.');

/**
 * Reads a place from a number or a text: `24023128`, PostgreSQL's `0/16E3778`, `mysql-bin.000003:4696`. Undefined if it
 * has no number.
 */
export function readPosition(value: unknown): Position | undefined {
  const text = isNumber(value) ? numberText(value) : value;
  if (typeof text !== 'string' || text.length > 200) return undefined;
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  if (high !== undefined && low !== undefined) return [(BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)];
  const parts = text.match(/\d+/g);
  return parts === null ? undefined : parts.map(BigInt);
}
