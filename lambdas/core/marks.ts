/** Which messages a profile has already taken in: message fingerprint → hour it was received (hours since 1970). */
export type Marks = ReadonlyMap<string, number>;

/**
 * How long and how many: a message is remembered for 24 h after it was received, as long as the profile
 * took in no more than 4,000 messages since. Marks so stay under 60 KB of the 400 KB an item may have.
 */
export const markWindow = { hours: 24, count: 4000 } as const;

export const hourOf = (isoTime: string): number => Math.floor(Date.parse(isoTime) / 3_600_000);

/**
 * 53 bits of the message id, in base 36. Two of 4,000 messages share one with probability below 1e-9.
 * The mixing is cyrb53's, public domain.
 */
export function fingerprint(messageId: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < messageId.length; i++) {
    const unit = messageId.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}

/** Drops what is outside the window. Pruning before or after a join gives the same, so order does not matter. */
export function pruneMarks(marks: Marks): Marks {
  const newest = Math.max(...marks.values());
  const fresh = [...marks].filter(([, hour]) => hour >= newest - markWindow.hours);
  if (fresh.length <= markWindow.count) return fresh.length === marks.size ? marks : new Map(fresh);
  return new Map(fresh.sort(([a, hourA], [b, hourB]) => hourB - hourA || (a < b ? -1 : 1)).slice(0, markWindow.count));
}

/** `hour mark mark;hour mark`, both numbers in base 36: 11 bytes a message. */
export function encodeMarks(marks: Marks): string {
  const byHour = Map.groupBy(marks, ([, hour]) => hour);
  return [...byHour].map(([hour, entries]) => [hour.toString(36), ...entries.map(([mark]) => mark)].join(' ')).join(';');
}

export function decodeMarks(text: string): Marks {
  const hours = text === '' ? [] : text.split(';').map((group) => group.split(' '));
  return new Map(hours.flatMap(([hour = '', ...marks]) => marks.map((mark): [string, number] => [mark, Number.parseInt(hour, 36)])));
}
