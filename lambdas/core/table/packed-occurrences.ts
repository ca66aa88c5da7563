import type { State } from '../segments/aggregates/aggregate.ts';
import type { Shape } from '../segments/aggregates/kind.ts';
import type { Entries } from '../segments/aggregates/latest.ts';
import type { Entry } from '../segments/aggregates/occurrence.ts';
import { packNumber } from './packed-number.ts';
import { packShape } from './packed-shape.ts';

/**
 * The marks and times that an aggregate keeps, as a line of characters of base64url, so that four of them may become
 * three bytes: DEFLATE cannot shorten them, and needs much of its time to try. A line has the id, the shape after its
 * length, and of each occurrence its mark, and its distance in time from the one before it after its length.
 */
export const idLength = 9;
const markLength = 9;
/** Lengths by the characters that stand for them. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const lengths = new Map([...alphabet].map((character, length) => [character, length]));
const isMark = (text: string): boolean => text.length === markLength && ofAlphabet.test(text);
const ofAlphabet = /^[\w-]+$/;

/** The line of an aggregate; undefined if it keeps anything else, or its id or a mark is of another form. */
export function packOccurrences(id: string, shape: Shape, state: State): string | undefined {
  if (shape.kind !== 'latest' && shape.kind !== 'earliest') return undefined;
  const entries = state as Entries;
  if (!isMark(id) || !entries.every(({ mark, value }) => value === undefined && isMark(mark))) return undefined;
  let line = id + withLength(packShape(shape));
  let last = 0;
  for (const { at, mark } of entries) {
    line += mark + withLength(packNumber(at - last));
    last = at;
  }
  return line;
}

const withLength = (text: string): string => alphabet.charAt(text.length) + text;

/**
 * The shape of such a line, as it was packed.
 * @throws Error when no line was packed so
 */
export function shapeBefore(line: string): string {
  const from = idLength + 1;
  const shape = line.slice(from, from + lengthAt(line, idLength));
  if (line.length <= from + shape.length) throw new Error('must be an aggregate that this code packed');
  return shape;
}

/** What such a line keeps. */
export function unpackOccurrences(line: string): Entries {
  const entries: Entry[] = [];
  let at = 0;
  for (let from = idLength + 1 + lengthAt(line, idLength); from < line.length; ) {
    const time = from + markLength + 1;
    const end = time + lengthAt(line, time - 1);
    at += Number.parseInt(line.slice(time, end), 36);
    entries.push({ at, mark: line.slice(from, from + markLength) });
    from = end;
  }
  return entries;
}

const lengthAt = (line: string, at: number): number => lengths.get(line.charAt(at)) ?? Number.NaN;
