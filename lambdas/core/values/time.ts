const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)) ?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
/** The form that SDKs and the platform write, which is nearly always used. */
const usual = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const dateOnly = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads an ISO 8601 date or date-time as milliseconds; without an offset it is UTC, because servers cannot know the
 * client's zone.
 */
export function parseInstant(text: string): number | undefined {
  if (!isDay(text)) return undefined;
  if (usual.test(text) || dateOnly.test(text)) return inRange(Date.parse(text));
  const [, date, time, offset = 'Z'] = iso.exec(text) ?? [];
  return date === undefined ? undefined : inRange(Date.parse(`${date}T${time}${normalOffset(offset)}`));
}

/** JavaScript reads the 30th of February as the 2nd of March, and of a month that is none another date. */
const isDay = (text: string): boolean => {
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (month > 12 || month === 0 || day === 0) return false;
  return !(day > 28) || new Date(Date.parse(text.slice(0, 10))).getUTCDate() === day;
};

/** Formats milliseconds as the platform writes times: ISO 8601, UTC, with milliseconds. */
export const formatInstant = (milliseconds: number): string => new Date(milliseconds).toISOString();

const earliest = Date.parse('0001-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** Other years have no four-digit form, which readers downstream expect. */
const inRange = (milliseconds: number): number | undefined =>
  milliseconds >= earliest && milliseconds <= latest ? milliseconds : undefined;

const normalOffset = (offset: string): string => {
  if (offset.toUpperCase() === 'Z') return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
};
