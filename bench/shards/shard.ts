import { Allowance } from './allowance.ts';
import { Lane } from './lane.ts';
import { shardLimits } from './limits.ts';
import type { StreamRecord } from './stream-record.ts';

/** Who reads a shard: lanes of stitch, each from a time on, and others. */
interface Readers {
  readonly factor: number;
  readonly otherReaders: number;
  readonly begin: () => number;
}

/** A shard: a range of positions, what it takes and gives in a second, and lanes that read it. */
export class Shard {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly Lane[];
  readonly bytesIn = new Allowance(shardLimits.bytesIn);
  readonly recordsIn = new Allowance(shardLimits.recordsIn);
  /** Firehose reads of it as much as arrives. Lambda reads while a batch gathers, so it gathers, too. */
  readonly bytesOut = new Allowance(shardLimits.bytesOut, gathering);
  readonly #otherReaders: number;
  /** Shards that were split into this one and another, and must be read to their end before. */
  readonly parent: Shard | undefined;

  constructor(
    [from, to]: readonly [from: number, to: number],
    { factor, otherReaders, begin }: Readers,
    parent?: Shard,
  ) {
    this.from = from;
    this.to = to;
    this.#otherReaders = otherReaders;
    this.parent = parent;
    this.lanes = Array.from({ length: factor }, () => new Lane(begin()));
  }

  /** Takes a record of so many bytes, or refuses it. */
  put(record: Omit<StreamRecord, 'arrivedAt'>, bytes: number, at: number): boolean {
    if (this.bytesIn.leftAt(at) < bytes || this.recordsIn.leftAt(at) < 1) return false;
    this.bytesIn.take(bytes, at);
    this.recordsIn.take(1, at);
    this.bytesOut.take(bytes * this.#otherReaders, at);
    // Lambda keeps a partition key in one lane.
    this.lanes[record.position % this.lanes.length]?.add({ ...record, arrivedAt: at });
    return true;
  }

  get isRead(): boolean {
    return this.lanes.every((lane) => lane.isDone);
  }

  /** Whether Lambda reads it yet. */
  get isOpen(): boolean {
    return this.parent === undefined || (this.parent.isOpen && this.parent.isRead);
  }
}

/** Seconds that Lambda reads ahead, at most a batch. */
const gathering = 5;
const positions = 2 ** 32;

/** So many shards of equal ranges. */
export const evenShards = (count: number, readers: Readers): Shard[] =>
  Array.from(
    { length: count },
    (_, n) => new Shard([Math.floor((n * positions) / count), Math.floor(((n + 1) * positions) / count)], readers),
  );

/** Twice as many shards: each is split in the middle, and what it holds stays in it. */
export const splitAll = (shards: readonly Shard[], readers: Readers): Shard[] =>
  shards.flatMap((shard) => {
    const middle = Math.floor((shard.from + shard.to) / 2);
    return [new Shard([shard.from, middle], readers, shard), new Shard([middle, shard.to], readers, shard)];
  });

/** The shard of a position, among shards in the order of their ranges. */
export function shardOf(shards: readonly Shard[], position: number): Shard {
  let low = 0;
  let high = shards.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (position < (shards[middle]?.to ?? 0)) high = middle;
    else low = middle + 1;
  }
  return shards[low] as Shard;
}
