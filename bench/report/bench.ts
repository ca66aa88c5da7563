import type { Table } from './table.ts';

/** What a run was asked for. */
export interface BenchOptions {
  readonly seed: number;
  /** Rounds that count of each measurement of time. */
  readonly rounds: number;
  /** The one part to measure of a bench that has several; the others keep what was measured before. */
  readonly only?: string | undefined;
  /** Says how much of the work is done. */
  readonly progress: (done: number, of?: number) => void;
}

/** What a bench found: tables to read, and everything behind them as data. */
export interface Found {
  readonly tables: readonly Table[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** One measurement that can be asked for by name. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  readonly run: (options: BenchOptions) => Promise<Found>;
}
