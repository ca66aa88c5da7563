import type { Shape } from '../segments/aggregates/kind.ts';
import { packNumber, unpackNumbers } from './packed-number.ts';

/** A letter for each kind, and then its numbers. */
const letters: ReadonlyMap<Shape['kind'], string> = new Map([
  ['latest', 'l'],
  ['earliest', 'e'],
  ['series', 's'],
  ['values', 'v'],
  ['frequency', 'f'],
  ['pairs', 'p'],
  ['total', 't'],
]);
const kinds = new Map([...letters].map(([kind, letter]) => [letter, kind]));

/** Packed shapes, which all profiles of a deployment share. */
const packed = new WeakMap<Shape, string>();

/** Packs how much an aggregate keeps. */
export function packShape(shape: Shape): string {
  const known = packed.get(shape);
  if (known !== undefined) return known;
  const text = (letters.get(shape.kind) ?? '') + numbersOf(shape).map(packNumber).join(' ');
  packed.set(shape, text);
  return text;
}

function numbersOf(shape: Shape): number[] {
  switch (shape.kind) {
    case 'total':
      return [];
    case 'series':
      return [shape.keep, shape.buckets, shape.bucket];
    case 'pairs':
      return [shape.keep, shape.apart, shape.bucket];
    default:
      return [shape.keep];
  }
}

const known = new Map<string, Shape>();
const mostKnown = 1000;

/**
 * Unpacks how much an aggregate keeps.
 * @throws Error when this code did not pack it
 */
export function unpackShape(text: string): Shape {
  const last = known.get(text);
  if (last !== undefined) return last;
  const shape = shapeIn(text);
  if (known.size >= mostKnown) known.clear();
  known.set(text, shape);
  return shape;
}

function shapeIn(text: string): Shape {
  const kind = kinds.get(text.slice(0, 1));
  const [keep = 0, width = 0, bucket = 0] = unpackNumbers(text.slice(1), ' ');
  switch (kind) {
    case 'total':
      return { kind };
    case 'series':
      return { kind, keep, buckets: width, bucket };
    case 'pairs':
      return { kind, keep, apart: width, bucket };
    case undefined:
      throw new Error(`no aggregate has the shape "${text}"`);
    default:
      return { kind, keep };
  }
}
