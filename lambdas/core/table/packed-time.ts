import { packNumber } from './packed-number.ts';

/** Writes a time of ISO 8601 as milliseconds in base 36. */
export function packTime(isoTime: string): string {
  if (isoTime !== packed.isoTime) packed = { isoTime, text: packNumber(Date.parse(isoTime)) };
  return packed.text;
}

/**
 * Reads a packed time as ISO 8601 in UTC with milliseconds.
 * @throws RangeError when the text is not a packed time
 */
export function unpackTime(text: string): string {
  if (text !== unpacked.text) unpacked = { isoTime: isoTimeOf(text), text };
  return unpacked.isoTime;
}

/** Packs times by name as entries. */
export function packTimes(times: ReadonlyMap<string, string>): string[][] {
  const entries: string[][] = [];
  for (const [name, at] of times) entries.push([name, packTime(at)]);
  return entries;
}

/** Unpacks times by name. */
export function unpackTimes(entries: readonly (readonly [name: string, at: string])[] = []): Map<string, string> {
  const times = new Map<string, string>();
  for (const [name, at] of entries) times.set(name, unpackTime(at));
  return times;
}

/** The last ones: what a profile was told at once has one time after another that are the same. */
let packed = { isoTime: '1970-01-01T00:00:00.000Z', text: '0' };
let unpacked = packed;

function isoTimeOf(text: string): string {
  const milliseconds = /^-?[0-9a-z]+$/.test(text) ? Number.parseInt(text, 36) : Number.NaN;
  const day = Math.floor(milliseconds / 86_400_000);
  if (!(day >= 0 && day < tooLate)) return new Date(milliseconds).toISOString();
  if (day !== written) writeDay(day);
  const rest = milliseconds - day * 86_400_000;
  write(11, Math.floor(rest / 3_600_000));
  write(14, Math.floor(rest / 60_000) % 60);
  write(17, Math.floor(rest / 1000) % 60);
  write(20, Math.floor(rest / 10) % 100);
  codes[22] = zero + (rest % 10);
  // One flat text: a joined text keeps its parts in memory, five times its size, as long as a profile exists.
  return String.fromCharCode(...codes);
}

/** A buffer for the next text, and its cached day: the engine needs half a microsecond to format a time. */
const codes = Array.from('0000-00-00T00:00:00.000Z', (letter) => letter.charCodeAt(0));
let written = Number.NaN;
const zero = 48;
/** Days since 1970; later years have more than four digits. */
const tooLate = Date.UTC(10_000, 0) / 86_400_000;
const days = new Map<number, string>();
const mostDays = 1000;

function write(at: number, number: number): void {
  codes[at] = zero + Math.floor(number / 10);
  codes[at + 1] = zero + (number % 10);
}

function writeDay(day: number): void {
  const date = days.get(day) ?? new Date(day * 86_400_000).toISOString();
  if (days.size >= mostDays) days.clear();
  days.set(day, date);
  for (let at = 0; at < 10; at++) codes[at] = date.charCodeAt(at);
  written = day;
}
