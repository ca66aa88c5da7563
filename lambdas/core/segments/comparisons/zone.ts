import { Temporal } from 'temporal-polyfill';

/** A stretch of the calendar; weeks begin on Monday. */
export type Unit = 'day' | 'week' | 'month';

/** Texts that were asked about, because the engine needs a tenth of a millisecond to make a formatter. */
const zones = new Map<string, boolean>();
const mostZones = 1000;
/** No zone has a longer name; longer texts are not kept. */
const longestZone = 64;

/** Whether it is a time zone by its name, such as `Europe/Berlin`, and no offset: offsets know no summer time. */
export function isZone(zone: unknown): zone is string {
  if (typeof zone !== 'string' || zone.length > longestZone) return false;
  const known = zones.get(zone);
  if (known !== undefined) return known;
  if (zones.size >= mostZones) zones.clear();
  const isOne = hasClock(zone);
  zones.set(zone, isOne);
  return isOne;
}

function hasClock(zone: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The calendar's day at an instant. */
export const dayAt = (at: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();

/** The instant at which a day begins; midnight is not always there. */
export const beginningOf = (day: Temporal.PlainDate, zone: string): number =>
  day.toZonedDateTime(zone).epochMilliseconds;

const quarter = 900_000;
const regular = Date.parse('1980-01-01');
const answers = new Map<string, number>();
const mostAnswers = 20_000;

/** The instant at which the unit that holds `at` begins, or one that is `later` units later. */
export function beginningOfUnit(at: number, zone: string, unit: Unit, later: number): number {
  if (at < regular) return beginning(at, zone, unit, later);
  const key = `${zone} ${unit} ${later} ${Math.floor(at / quarter)}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  if (answers.size >= mostAnswers) answers.clear();
  const found = beginning(at, zone, unit, later);
  answers.set(key, found);
  return found;
}

function beginning(at: number, zone: string, unit: Unit, later: number): number {
  const day = dayAt(at, zone);
  if (unit === 'day') return beginningOf(day.add({ days: later }), zone);
  if (unit === 'week') return beginningOf(day.subtract({ days: day.dayOfWeek - 1 }).add({ weeks: later }), zone);
  return beginningOf(day.with({ day: 1 }).add({ months: later }), zone);
}

/** The instant at which a date, written `2026-03-29`, begins; undefined where there is no such date. */
export function beginningOfDate(date: string, zone: string): number | undefined {
  // No form of a time has a year 0.
  if (date.startsWith('0000')) return undefined;
  try {
    return beginningOf(Temporal.PlainDate.from(date), zone);
  } catch {
    return undefined;
  }
}
