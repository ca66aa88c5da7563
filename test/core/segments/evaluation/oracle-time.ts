/** Days of calendars, told by the engine's own formatting of times. */
const formats = new Map<string, Intl.DateTimeFormat>();
const days = new Map<string, readonly [number, number, number]>();

function partsAt(at: number, zone: string): readonly [number, number, number] {
  const key = `${zone} ${at}`;
  const known = days.get(key);
  if (known) return known;
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(zone, format);
  const [year = 0, month = 0, day = 0] = format.format(at).split('-').map(Number);
  if (days.size > 200_000) days.clear();
  days.set(key, [year, month, day]);
  return [year, month, day];
}

/** Days since 1970 of the calendar. */
export function dayNumber(at: number, zone: string): number {
  const [year, month, day] = partsAt(at, zone);
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

function unitNumber(at: number, zone: string, unit: string): number {
  const [year, month] = partsAt(at, zone);
  if (unit === 'month') return year * 12 + month;
  return unit === 'day' ? dayNumber(at, zone) : Math.floor((dayNumber(at, zone) + 3) / 7);
}

export const length = (duration: string): number =>
  Number.parseInt(duration, 10) *
  ({ m: 60, h: 3600, d: 86_400, w: 604_800 }[duration.at(-1) ?? ''] ?? Number.NaN) *
  1000;

/** The first instant of a date, found by halving. */
export function firstInstant(date: string, zone: string): number {
  const wanted = Date.parse(date) / 86_400_000;
  let [low, high] = [Date.parse(date) - 2 * 86_400_000, Date.parse(date) + 2 * 86_400_000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayNumber(middle, zone) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}

/** Whether a time is in a window now. */
export function inWindow(window: Record<string, unknown> | undefined, at: number, now: number, zone: string): boolean {
  if (window === undefined) return at <= now;
  if (at > now) return false;
  const age = now - at;
  if ('within' in window) return age < length(String(window.within));
  if ('olderThan' in window) return age >= length(String(window.olderThan));
  if ('between' in window) {
    const [from, to] = window.between as string[];
    return age >= length(String(from)) && age < length(String(to));
  }
  if ('calendar' in window) {
    const unit = String(window.calendar);
    return unitNumber(now, zone, unit) - unitNumber(at, zone, unit) < (window.last as number);
  }
  const bound = (text: unknown) =>
    String(text).length === 10 ? firstInstant(String(text), zone) : Date.parse(String(text));
  return (window.from === undefined || at >= bound(window.from)) && (window.to === undefined || at < bound(window.to));
}

/** Whether an anniversary is so many days ahead. */
export function isAnniversary(date: unknown, from: number, to: number, now: number, zone: string): boolean {
  const [, month, day] = /(\d\d)-(\d\d)(?:T.*)?$/.exec(String(date)) ?? [];
  if (month === undefined) return false;
  const today = dayNumber(now, zone);
  for (let ahead = from; ahead <= to; ahead++) {
    const then = new Date((today + ahead) * 86_400_000);
    const isLeap = new Date(Date.UTC(then.getUTCFullYear(), 1, 29)).getUTCMonth() === 1;
    const wanted = month === '02' && day === '29' && !isLeap ? '02-28' : `${month}-${day}`;
    if (then.toISOString().slice(5, 10) === wanted) return true;
  }
  return false;
}
