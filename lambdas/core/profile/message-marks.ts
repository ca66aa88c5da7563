import { ascending } from '../values/order.ts';
/** Messages that a profile has applied: fingerprint → hour of receipt (hours since 1970). */
export type Marks = ReadonlyMap<string, number>;

/**
 * A profile remembers a message for 24 hours after its receipt, as long as it applied at most 4,000 messages since.
 * Marks thus stay below 40 KB of an item's 400 KB.
 */
export const markWindow = { hours: 24, count: 4000 } as const;

export const hourOf = (isoTime: string): number => Math.floor(Date.parse(isoTime) / 3_600_000);

const markLength = 9;

/** Drops marks outside the window. Pruning before or after a join gives the same result, so order does not matter. */
export function pruneMarks(marks: Marks): Marks {
  let newest = -Infinity;
  let oldest = Infinity;
  for (const hour of marks.values()) {
    newest = Math.max(newest, hour);
    oldest = Math.min(oldest, hour);
  }
  if (oldest >= newest - markWindow.hours && marks.size <= markWindow.count) return marks;
  const fresh = [...marks].filter(([, hour]) => hour >= newest - markWindow.hours);
  if (fresh.length <= markWindow.count) return new Map(fresh);
  return new Map(fresh.sort(([a, hourA], [b, hourB]) => hourB - hourA || ascending(a, b)).slice(0, markWindow.count));
}

/** All marks of both, each with the later hour. */
export function joinMarks(a: Marks, b: Marks): Map<string, number> {
  const both = new Map(a);
  for (const [mark, hour] of b) both.set(mark, Math.max(both.get(mark) ?? hour, hour));
  return both;
}

/** The marks that are in `wanted`, or not in it. */
export const marksIn = (marks: Marks, wanted: Marks): Marks => new Map([...marks].filter(([mark]) => wanted.has(mark)));
export const marksOutside = (marks: Marks, unwanted: Marks): Marks =>
  new Map([...marks].filter(([mark]) => !unwanted.has(mark)));

/** Drops marks of `others` outside the window that ends with the newest mark of both. */
export function pruneBeside(marks: Marks, others: Marks): Marks {
  if (others.size === 0) return others;
  const newest = [...marks.values()].reduce((a, b) => Math.max(a, b), -Infinity);
  return pruneMarks(new Map([...others].filter(([, hour]) => hour >= newest - markWindow.hours)));
}

/**
 * Whether the marks can no longer tell if a message of this hour was applied: the window or the count cut the hour off.
 */
export function isForgotten(marks: Marks, hour: number): boolean {
  const kept = [...pruneMarks(marks).values()];
  const newest = kept.reduce((a, b) => Math.max(a, b), -Infinity);
  const oldest = kept.reduce((a, b) => Math.min(a, b), Infinity);
  return hour < newest - markWindow.hours || (kept.length >= markWindow.count && hour <= oldest);
}

/** `hour marks;hour marks`: each hour in base 36, then its marks without separators. */
export function encodeMarks(marks: Marks): string {
  const byHour = new Map<number, string>();
  let last = Number.NaN;
  let joined = '';
  // Most stand beside others of their hour.
  for (const [mark, hour] of marks) {
    if (hour !== last) {
      if (joined !== '') byHour.set(last, joined);
      last = hour;
      joined = byHour.get(hour) ?? '';
    }
    joined += mark;
  }
  if (joined !== '') byHour.set(last, joined);
  return [...byHour].map(([hour, all]) => `${hour.toString(36)} ${all}`).join(';');
}

/**
 * Reads such a text.
 * @throws Error when `encodeMarks` did not write it
 */
export function decodeMarks(text: string): Marks {
  const marks = new Map<string, number>();
  for (let from = 0; from < text.length; ) {
    const space = text.indexOf(' ', from);
    const semicolon = text.indexOf(';', from);
    const end = semicolon < 0 ? text.length : semicolon;
    const hour = Number.parseInt(text.slice(from, space), 36);
    if (space <= from || !(hour >= 0) || end <= space + 1 || (end - space - 1) % markLength !== 0)
      throw new Error(`marks must be hours, each with marks of ${markLength} characters`);
    for (let at = space + 1; at < end; at += markLength) marks.set(text.slice(at, at + markLength), hour);
    from = end + 1;
  }
  return marks;
}
