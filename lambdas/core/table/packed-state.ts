import type { State } from '../segments/aggregates/aggregate.ts';
import type { Frequency } from '../segments/aggregates/frequency.ts';
import type { Shape } from '../segments/aggregates/kind.ts';
import type { Entries } from '../segments/aggregates/latest.ts';
import type { Entry, Kept } from '../segments/aggregates/occurrence.ts';
import type { Ends, Pairs } from '../segments/aggregates/pairs.ts';
import type { Series } from '../segments/aggregates/series.ts';
import type { Sums } from '../segments/aggregates/total.ts';
import type { Values } from '../segments/aggregates/values.ts';
import { packDistances, packNumber, partsOf, unpackAmount, unpackDistances, unpackNumbers } from './packed-number.ts';

type Value = string | number | boolean | null;
/** Times and numbers in one text, and then values. */
type Packed = readonly [text: string, ...values: Value[]];

/** Packs what an aggregate of this shape keeps. */
export function packState(shape: Shape, state: State): Packed {
  switch (shape.kind) {
    case 'latest':
    case 'earliest':
      return packEntries(state as Entries);
    case 'series':
      return packSeries(state as Series);
    case 'values':
      return [packDistances([...(state as Values).values()]).join(), ...(state as Values).keys()];
    case 'frequency': {
      const { counts, over } = state as Frequency;
      return [(over ? '+' : '') + [...counts.values()].map(packNumber).join(), ...counts.keys()];
    }
    case 'pairs':
      return [packPairs(state as Pairs, shape.bucket)];
    case 'total':
      return [packSums(state as Sums)];
  }
}

/** Unpacks what an aggregate of this shape keeps. */
export function unpackState(shape: Shape, text: string, values: readonly Value[]): State {
  switch (shape.kind) {
    case 'latest':
    case 'earliest':
      return unpackEntries(text, values);
    case 'series':
      return unpackSeries(text, values);
    case 'values': {
      const times = unpackDistances(partsOf(text, ','));
      return new Map(values.map((value, n): [string, number] => [String(value), times[n] ?? 0]));
    }
    case 'frequency': {
      const counts = unpackNumbers(text.replace('+', ''), ',');
      const named = values.map((value, n): [string, number] => [String(value), counts[n] ?? 0]);
      return { counts: new Map(named), over: text.startsWith('+') };
    }
    case 'pairs':
      return unpackPairs(text, shape.bucket);
    case 'total':
      return unpackSums(text);
  }
}

/** Of each entry its mark and time; values only if any has one. */
function packEntries(entries: Entries): Packed {
  let text = '';
  let last = 0;
  let hasValues = false;
  for (const { at, mark, value } of entries) {
    text += `${text === '' ? '' : ','}${mark} ${packNumber(at - last)}`;
    last = at;
    hasValues ||= value !== undefined;
  }
  return hasValues ? [text, ...entries.map(({ value }) => packValue(value))] : [text];
}

function unpackEntries(text: string, values: readonly Value[]): Entries {
  const entries: Entry[] = [];
  let at = 0;
  for (let begin = 0; begin < text.length; ) {
    const space = text.indexOf(' ', begin);
    const comma = text.indexOf(',', space);
    const end = comma < 0 ? text.length : comma;
    const mark = text.slice(begin, space);
    at += Number.parseInt(text.slice(space + 1, end), 36);
    const value = unpackValue(values.at(entries.length));
    entries.push(value === undefined ? { at, mark } : { at, mark, value });
    begin = end + 1;
  }
  return entries;
}

/** A letter tells texts from amounts. */
function packValue(value: Kept | undefined): Value {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return `#${packNumber(value)}`;
  return typeof value === 'string' ? `'${value}` : value;
}

function unpackValue(value: Value | undefined): Kept | undefined {
  if (typeof value !== 'string') return value ?? undefined;
  return value.startsWith('#') ? unpackAmount(value.slice(1)) : value.slice(1);
}

function packSeries({ tail, folded }: Series): Packed {
  const [entries, ...values] = packEntries(tail);
  const stretches = [...folded].map(([stretch, sums]) => `${packNumber(stretch)} ${packSums(sums)}`);
  return [stretches.length === 0 ? entries : `${entries};${stretches.join()}`, ...values];
}

function unpackSeries(text: string, values: readonly Value[]): Series {
  const [entries = '', stretches = ''] = text.split(';');
  const folded = partsOf(stretches, ',').map((part): [number, Sums] => {
    const end = part.indexOf(' ');
    return [Number.parseInt(part.slice(0, end), 36), unpackSums(part.slice(end + 1))];
  });
  return { tail: unpackEntries(entries, values), folded: new Map(folded) };
}

const packSums = ({ n, sum, min, max }: Sums): string =>
  [n, ...(min === undefined || max === undefined ? [] : [sum, min, max])].map(packNumber).join(' ');

function unpackSums(text: string): Sums {
  const [n = '0', sum, min, max] = text.split(' ');
  const count = Number.parseInt(n, 36);
  if (sum === undefined || min === undefined || max === undefined) return { n: count, sum: 0n };
  return { n: count, sum: unpackAmount(sum), min: unpackAmount(min), max: unpackAmount(max) };
}

/** The last match, and of each stretch its number and its ends, as distances from its beginning. */
function packPairs({ stretches, match }: Pairs, bucket: number): string {
  const parts = [...stretches].map(([stretch, { firstA, lastA, firstB, lastB }]) => {
    const distances = [firstA, lastA, firstB, lastB].map((at) => at ?? Number.NaN).map((at) => at - stretch * bucket);
    return [packNumber(stretch), ...distances.map((distance) => (Number.isNaN(distance) ? '' : packNumber(distance)))];
  });
  return `${match === undefined ? '' : packNumber(match)};${parts.map((part) => part.join(' ')).join()}`;
}

function unpackPairs(text: string, bucket: number): Pairs {
  const [match = '', stretches = ''] = text.split(';');
  const unpacked = partsOf(stretches, ',').map((part): [number, Ends] => {
    const [stretch = Number.NaN, ...distances] = part.split(' ').map((number) => Number.parseInt(number, 36));
    const [firstA, lastA, firstB, lastB] = distances.map((distance) => stretch * bucket + distance);
    return [stretch, { ...endsOf('A', firstA, lastA), ...endsOf('B', firstB, lastB) }];
  });
  return { stretches: new Map(unpacked), ...(match !== '' && { match: Number.parseInt(match, 36) }) };
}

/** An event that has a first has a last. */
function endsOf(event: 'A' | 'B', first = Number.NaN, last = first): Ends {
  if (Number.isNaN(first)) return {};
  return event === 'A' ? { firstA: first, lastA: last } : { firstB: first, lastB: last };
}
