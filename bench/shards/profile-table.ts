import { Allowance } from './allowance.ts';
import { partitionLimits } from './limits.ts';

/** A table: partitions, each with as much as DynamoDB gives a partition. */
export class ProfileTable {
  readonly writes: readonly Allowance[];
  readonly reads: readonly Allowance[];

  constructor(partitions: number) {
    this.writes = Array.from({ length: partitions }, () => new Allowance(partitionLimits.writes));
    this.reads = Array.from({ length: partitions }, () => new Allowance(partitionLimits.reads));
  }

  /** Reads and writes a profile; returns how many seconds throttling delays that. */
  touch(position: number, units: { readonly reads: number; readonly writes: number }, at: number): number {
    const partition = position % this.writes.length;
    const reading = this.reads[partition]?.take(units.reads, at) ?? 0;
    return Math.max(reading, this.writes[partition]?.take(units.writes, at) ?? 0);
  }

  /** Share of its capacity that the busiest partition gave. */
  useUntil(at: number): number {
    return Math.max(...[...this.writes, ...this.reads].map((one) => one.useUntil(at)));
  }
}
