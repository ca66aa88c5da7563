import { createHash } from 'node:crypto';
import type { Random } from '../../local/demo/shop/random.ts';
import { fractionOf } from './fraction.ts';

/** How many senders there are, and how unequal they are. */
export interface Crowd {
  readonly senders: number;
  /** The n-th busiest sends `1 / n ** skew` of what the busiest does: at 0, all are alike. */
  readonly skew: number;
  /** Share of all events that the busiest sends besides, as a robot or a shared login does. */
  readonly hotShare: number;
}

/** Chooses who sends next, and knows where senders are in the stream. */
export interface Senders {
  next(): number;
  /** Position of a sender's partition key among 2^32, by MD5 as Kinesis has it. */
  positionOf(sender: number): number;
}

/** Makes senders, the busiest first. */
export function sendersOf({ senders, skew, hotShare }: Crowd, random: Random): Senders {
  const upTo = new Float64Array(senders);
  let total = 0;
  for (let n = 0; n < senders; n++) {
    total += 1 / (n + 1) ** skew;
    upTo[n] = total;
  }
  return {
    next: () => (random.chance(hotShare) ? 0 : firstBeyond(upTo, fractionOf(random) * total)),
    positionOf,
  };
}

const positions: number[] = [];

function positionOf(sender: number): number {
  for (let n = positions.length; n <= sender; n++) positions.push(hashOf(`sender-${n}`));
  return positions[sender] ?? 0;
}

/** The first 32 bits of MD5, as Kinesis maps a partition key to a shard, and Lambda a key to a lane. */
const hashOf = (key: string): number => createHash('md5').update(key).digest().readUInt32BE(0);

/** Index of the first number that is greater. */
function firstBeyond(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
