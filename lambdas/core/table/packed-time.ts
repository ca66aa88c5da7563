import { packNumber } from './packed-number.ts';

/** Writes a time of ISO 8601 as milliseconds in base 36. */
export function packTime(isoTime: string): string {
  if (isoTime !== packed.isoTime) packed = { isoTime, text: packNumber(millisecondsOf(isoTime)) };
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
  const milliseconds = numberIn(text);
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
  return codes.toString('latin1');
}

/** A number in base 36; NaN if it is none. */
function numberIn(text: string): number {
  let number = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= zero && code < zero + 10) number = number * 36 + code - zero;
    else if (code >= letterA && code < letterA + 26) number = number * 36 + code - letterA + 10;
    else return at === 0 && code === minus ? -numberIn(text.slice(1)) : Number.NaN;
  }
  return text === '' ? Number.NaN : number;
}

/** A time of ISO 8601 in milliseconds; in the form that the platform writes, only its day is given to the engine. */
function millisecondsOf(isoTime: string): number {
  if (isoTime.length !== codes.length || !isoTime.endsWith('Z')) return Date.parse(isoTime);
  const day = isoTime.slice(0, 10);
  const midnight = midnights.get(day) ?? Date.parse(`${day}T00:00:00.000Z`);
  if (midnights.size >= mostDays) midnights.clear();
  midnights.set(day, midnight);
  const seconds = (two(isoTime, 11) * 60 + two(isoTime, 14)) * 60 + two(isoTime, 17);
  const milliseconds = midnight + seconds * 1000 + two(isoTime, 20) * 10 + isoTime.charCodeAt(22) - zero;
  return Number.isInteger(milliseconds) ? milliseconds : Date.parse(isoTime);
}

const two = (text: string, at: number): number => (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;

const midnights = new Map<string, number>();

/** A buffer for the next text, and its cached day: the engine needs half a microsecond to format a time. */
const codes = Buffer.from('0000-00-00T00:00:00.000Z', 'latin1');
let written = Number.NaN;
const zero = 48;
const letterA = 97;
const minus = 45;
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
