/** Writes a time of ISO 8601 as milliseconds in base 36. */
export function packTime(isoTime: string): string {
  const milliseconds = Date.parse(isoTime);
  if (!(milliseconds >= lastFour)) return milliseconds.toString(36);
  // The engine writes whole numbers of 31 bits eight times as fast as larger ones.
  const [high, low] = [Math.floor(milliseconds / lastFour), milliseconds % lastFour];
  return `${high.toString(36)}${twoDigits[Math.floor(low / 1296)]}${twoDigits[low % 1296]}`;
}

/** Reads it back, as ISO 8601 in UTC with milliseconds. @throws RangeError when the text is no time */
export function unpackTime(text: string): string {
  const milliseconds = Number.parseInt(text, 36);
  const day = Math.floor(milliseconds / 86_400_000);
  const rest = milliseconds - day * 86_400_000;
  const [hours, minutes, seconds] = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1000) % 60];
  return `${days.get(day) ?? dateOf(day)}${two[hours]}:${two[minutes]}:${two[seconds]}.${three[rest % 1000]}Z`;
}

/** The days that were written last, as text: there are few, and the engine takes half a microsecond for each time that it writes by itself. */
const days = new Map<number, string>();
const mostDays = 1000;

function dateOf(day: number): string {
  const text = new Date(day * 86_400_000).toISOString().slice(0, -'00:00:00.000Z'.length);
  if (days.size >= mostDays) days.clear();
  days.set(day, text);
  return text;
}

const base36 = Array.from({ length: 36 }, (_, n) => n.toString(36));
const twoDigits = base36.flatMap((first) => base36.map((second) => first + second));
/** 36 to the fourth: what four digits of base 36 hold. */
const lastFour = 1296 * 1296;

const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const three = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));
