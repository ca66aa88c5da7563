import type { Kind, ShapeOf } from './kind.ts';

type Its = ShapeOf<'pairs'>;

/** The first and the last of each of two events in a stretch of time. */
export interface Ends {
  readonly firstA?: number;
  readonly lastA?: number;
  readonly firstB?: number;
  readonly lastB?: number;
}

/** What may still be a pair of A and then B, and the last stretch that a pair was completed in. */
export interface Pairs {
  readonly stretches: ReadonlyMap<number, Ends>;
  readonly match?: number;
}

const least = (a?: number, b?: number): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
const most = (a?: number, b?: number): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);

function joinEnds(a: Ends, b: Ends): Ends {
  const ends = {
    firstA: least(a.firstA, b.firstA),
    lastA: most(a.lastA, b.lastA),
    firstB: least(a.firstB, b.firstB),
    lastB: most(a.lastB, b.lastB),
  };
  return Object.fromEntries(Object.entries(ends).filter(([, at]) => at !== undefined));
}

/** Whether B came after A, and less than `apart` later. */
const isPair = ({ apart }: Its, a: number | undefined, b: number | undefined): boolean =>
  a !== undefined && b !== undefined && a < b && b - a < apart;

/**
 * The last stretch in which a B completes a pair. It is told exactly, since a stretch is no longer than `apart`: of
 * two in one stretch any A before any B is a pair, and of two stretches the last A and the first B are nearest.
 */
function lastMatch(shape: Its, stretches: ReadonlyMap<number, Ends>): number | undefined {
  let match: number | undefined;
  let before: number | undefined;
  for (const [stretch, { firstA, lastA, firstB, lastB }] of [...stretches].sort(([a], [b]) => a - b)) {
    if (isPair(shape, firstA, lastB) || isPair(shape, before, firstB)) match = stretch;
    before = lastA ?? before;
  }
  return match;
}

/** Without stretches that no pair after the last one can need, and of those after it without the oldest of too many. */
function cut(shape: Its, stretches: ReadonlyMap<number, Ends>, known: number | undefined): Pairs {
  const match = most(known, lastMatch(shape, stretches));
  const end = match ?? -Infinity;
  const needed = end - Math.ceil(shape.apart / shape.bucket);
  const matched = [...stretches].filter(([stretch]) => stretch >= needed && stretch <= end);
  const open = [...stretches].filter(([stretch]) => stretch > end).sort(([a], [b]) => b - a);
  const kept = [...matched, ...open.slice(0, shape.keep - matched.length)];
  return { stretches: new Map(kept), ...(match !== undefined && { match }) };
}

function joinStretches(a: ReadonlyMap<number, Ends>, b: ReadonlyMap<number, Ends>): Map<number, Ends> {
  const both = new Map(a);
  for (const [stretch, ends] of b) both.set(stretch, joinEnds(both.get(stretch) ?? {}, ends));
  return both;
}

/**
 * A and then B in less than `apart`. Whether there was such a pair is exact; when the last one was, exact where a
 * stretch holds no more than two B, else too early by less than a stretch. Beyond `keep` busy stretches without a
 * pair, a B that arrives late does not find an A that is older.
 */
export const pairs: Kind<Its, Pairs> = {
  of: ({ bucket }, { at, part }) => ({
    stretches: new Map([
      [Math.floor(at / bucket), part === 'first' ? { firstA: at, lastA: at } : { firstB: at, lastB: at }],
    ]),
  }),
  join: (shape, a, b) => cut(shape, joinStretches(a.stretches, b.stretches), most(a.match, b.match)),
};

/** When the last pair was completed; undefined where none was. */
export function lastPair(shape: Its, { stretches, match }: Pairs): number | undefined {
  const ends = match === undefined ? undefined : stretches.get(match);
  if (match === undefined || ends === undefined) return undefined;
  const before = [...stretches]
    .filter(([stretch]) => stretch < match)
    .reduce<number | undefined>((last, [, { lastA }]) => most(last, lastA), undefined);
  const isLast = isPair(shape, ends.firstA, ends.lastB) || isPair(shape, before, ends.lastB);
  return isLast ? ends.lastB : ends.firstB;
}
