import { isNumber, nearest } from './json.ts';
import { formatInstant, parseInstant } from './time.ts';

/**
 * Reads times in the forms that clients send: ISO 8601 with small slips, RFC 1123, JavaScript's `toString`, or seconds
 * or smaller units since 1970.
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return isNumber(value) ? sinceEpoch(nearest(value)) : undefined;
  if (value.length > 100) return undefined;
  const text = value.trim();
  return (
    parseInstant(text) ??
    (/^\d{9,19}(?:\.\d{1,9})?$/.test(text) ? sinceEpoch(Number(text)) : (ofIso(text) ?? ofWords(text)))
  );
}

/** Lower bound of a number, and units in a millisecond: from 1973 to 2286 each unit has its own number of digits. */
const units = [
  { from: 1e8, to: 1e10, millisecond: 1e-3 },
  { from: 1e11, to: 1e13, millisecond: 1 },
  { from: 1e14, to: 1e16, millisecond: 1e3 },
  { from: 1e17, to: 1e19, millisecond: 1e6 },
] as const;

function sinceEpoch(number: number): number | undefined {
  const unit = units.find(({ from, to }) => from <= number && number < to);
  return unit && Math.floor(number / unit.millisecond);
}

const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{1,2})(?::(?<second>\d{1,2})(?:[.,](?<fraction>\d+))?)?`;
const zone = String.raw`\s*(?:(?:UTC|GMT|UT|Z)?(?<offset>[+-]\d{1,2}(?::?\d{2})?)?(?:\s?(?:UTC|GMT))?|(?<region>[ECMP][SD]T))\s*(?:\[[\w/+-]+\]|\([^()]*\))?`;
const iso = new RegExp(
  String.raw`^(?<year>\d{4})(?:([-/.])(?<month>\d{1,2})\2(?<day>\d{1,2}))(?:(?:\s*T\s*|\s+)${clock}${zone})?$`,
  'i',
);
const compact = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?(.*))?$/i;
const dayFirst = String.raw`(?<day>\d{1,2})[\s-](?<month>[a-z]{3})[a-z]*[\s-](?<year>\d{4})`;
const monthFirst = String.raw`(?<month>[a-z]{3})[a-z]*\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})`;
const words = [dayFirst, monthFirst].map(
  (date) => new RegExp(String.raw`^(?:[a-z]{3,9},?\s+)?${date},?\s+${clock}${zone}$`, 'i'),
);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Hours from UTC by first letter; RFC 822 has only these. */
const regions: ReadonlyMap<string, number> = new Map(
  [...'ECMP'].flatMap((letter, n) => [[`${letter}ST`, -5 - n] as const, [`${letter}DT`, -4 - n] as const]),
);

function ofIso(text: string): number | undefined {
  const [, year, month, day, hour, minute, second = '00', fraction = '0', rest = ''] = compact.exec(text) ?? [];
  const written =
    year === undefined
      ? text
      : `${year}-${month}-${day}${hour === undefined ? '' : `T${hour}:${minute}:${second}.${fraction}${rest}`}`;
  const { groups } = iso.exec(written) ?? {};
  return groups && instantOf(groups, Number(groups.month));
}

function ofWords(text: string): number | undefined {
  const { groups } = words.map((form) => form.exec(text)).find((match) => match !== null) ?? {};
  return groups && instantOf(groups, months.indexOf(groups.month?.toLowerCase() ?? '') + 1);
}

type Groups = Readonly<Record<string, string | undefined>>;

/** Rejects days that no calendar has; a leap second is the next second, and 24:00 the next day. */
function instantOf(
  { year = '', day = '', hour = '0', minute = '0', second = '0', fraction = '0', offset, region }: Groups,
  month: number,
): number | undefined {
  const date = parseInstant(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`);
  const [hours, minutes, seconds] = [hour, minute, second].map(Number) as [number, number, number];
  const isClock = minutes < 60 && seconds <= 60 && (hours < 24 || (hours === 24 && minutes + seconds === 0));
  const from = minutesFrom(offset, region);
  if (date === undefined || !isClock || from === undefined) return undefined;
  const instant =
    date + ((hours * 60 + minutes - from) * 60 + seconds) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
  return Math.abs(instant) > 8.64e15 ? undefined : parseInstant(formatInstant(instant));
}

function minutesFrom(offset: string | undefined, region = ''): number | undefined {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(offset ?? '+00') ?? [];
  const from = Number(hours) * 60 + Number(minutes);
  if (from >= 24 * 60 || Number(minutes) > 59) return undefined;
  return (regions.get(region.toUpperCase()) ?? 0) * 60 + (sign === '-' ? -from : from);
}
