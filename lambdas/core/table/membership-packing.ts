import { ifIn, isText, listIn, type Row, UnreadableItem } from './item-fields.ts';
import { isEntryOf } from './packed-list.ts';
import { packTime, unpackTime, unpackTimes } from './packed-time.ts';

/** Before each key; keys have no blanks. */
const before = ' ';
/** Between those who began at one time and those who began at another. */
const end = ';';

/** An earlier form was a JSON list: of each its key and its time. */
const isEarlier = isEntryOf(isText, isText);

/**
 * A profile's segments in its item, and since when it is in each; none if it is in none.
 * @throws UnreadableItem
 */
export function membershipsIn(row: Row): Map<string, string> {
  const text = ifIn(row, 'segments', isText, 'a text');
  if (text === undefined) return new Map();
  return text.startsWith('[') ? unpackTimes(listIn(row, 'segments', isEarlier)) : unpackMemberships(text);
}

/** Packs segments in their order: a time, and the keys of those that began then; most begin together with others. */
export function packMemberships(segments: ReadonlyMap<string, string>): string {
  let text = '';
  let last: string | undefined;
  for (const [key, since] of segments) {
    if (since !== last) text += (last === undefined ? '' : end) + packTime(since);
    text += before + key;
    last = since;
  }
  return text;
}

function unpackMemberships(text: string): Map<string, string> {
  const segments = new Map<string, string>();
  for (const together of text.split(end)) {
    const [time = '', ...keys] = together.split(before);
    const since = unpackTime(time);
    for (const key of keys) {
      if (key === '') throw new UnreadableItem('segments', 'segments that this code packed');
      segments.set(key, since);
    }
  }
  return segments;
}
