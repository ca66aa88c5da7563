import type { Table } from '../report/table.ts';
import type { Spread, Timing } from './stopwatch.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const range = ({ min, max }: Spread, format: (value: number) => string): string => `${format(min)}..${format(max)}`;

/** Speeds, each beside the first of them. */
export const timingTable = (title: string, timings: readonly Timing[], notes: readonly string[] = []): Table => ({
  title,
  columns: ['what', 'events/s per core', 'min..max', 'µs per event', 'of the reference', 'its interval'],
  rows: timings.map(({ name, perCore, ofFirst }) => [
    name,
    count(perCore.median),
    range(perCore, count),
    (1e6 / perCore.median).toFixed(1),
    ofFirst.median.toFixed(3),
    `${ofFirst.interval.low.toFixed(3)}..${ofFirst.interval.high.toFixed(3)}`,
  ]),
  notes: [
    'Per second of processor time of all threads, garbage collection included. Each lap is compared with the lap of the',
    'reference in the same round; the interval has the median of such ratios in 95 of 100 measurements.',
    ...notes,
  ],
});
