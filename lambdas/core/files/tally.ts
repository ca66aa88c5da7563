import type { ReadRow, RowPlace } from './read-row.ts';

/** Rows of one fault. */
export interface FaultCount {
  readonly reason: string;
  readonly rows: number;
  readonly first: readonly RowPlace[];
}

/** What a file has, as it was read to its end. */
export interface Tally {
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  /** The most frequent fault first. */
  readonly faults: readonly FaultCount[];
}

/** Places that are kept of each fault. */
const mostPlaces = 5;
/** Faults that are told apart: there are as many as declared columns, and a few. */
const mostFaults = 100;
const others = 'has another fault';

/** Counts rows and their faults. */
export function tallyOfRows() {
  let good = 0;
  let bad = 0;
  const faults = new Map<string, { rows: number; first: RowPlace[] }>();
  return {
    add(rows: readonly ReadRow[]): void {
      for (const read of rows) {
        if ('row' in read) {
          good += 1;
          continue;
        }
        bad += 1;
        const { reason, place } = read.bad;
        const name = faults.has(reason) || faults.size < mostFaults ? reason : others;
        const fault = faults.get(name) ?? { rows: 0, first: [] };
        fault.rows += 1;
        if (fault.first.length < mostPlaces) fault.first.push(place);
        faults.set(name, fault);
      }
    },
    end(): Tally {
      const told = [...faults].map(([reason, fault]) => ({ reason, ...fault }));
      return { rows: good + bad, good, bad, faults: told.sort((a, b) => b.rows - a.rows) };
    },
  };
}

/** So many bad rows are never too many: a small file may be half bad. */
const fewBad = 100;

/** Why a file has too many bad rows to be sent; undefined when it has not. */
export const tooManyBad = ({ rows, bad }: Pick<Tally, 'rows' | 'bad'>, maxBadShare: number): string | undefined =>
  bad > fewBad && bad > rows * maxBadShare
    ? `${bad} of ${rows} rows are bad, and at most ${maxBadShare * 100} % may be; nothing was sent`
    : undefined;
