import type { Random } from '../../local/demo/shop/random.ts';
import { assumptions } from '../metering/assumptions.ts';
import { fractionOf } from './fraction.ts';

/** What a shard takes and gives in a second, by Kinesis' documentation. */
export const shardLimits = {
  bytesIn: assumptions.shardBytesPerSecond,
  recordsIn: 1_000,
  bytesOut: 2 * assumptions.shardBytesPerSecond,
} as const;

/** What a partition of a table takes and gives in a second, by DynamoDB's documentation; a new table has four. */
export const partitionLimits = { writes: 1_000, reads: 3_000, ofNewTable: 4 } as const;

/** What a batch of stitch holds at most: as it is by default, and by Lambda. */
export const batchLimits = { records: 1_000, bytes: 6 * 2 ** 20 } as const;

/** How collect and then a client send again what a shard refuses: attempts, and seconds until the next. */
export const putPolicy = { attempts: 5, base: 0.1, cap: 1, retryAfter: 2 } as const;

/** How stitch writes again to a profile that somebody else has written meanwhile. */
export const contendedPolicy = { attempts: 8, base: 0.025, cap: 2 } as const;

/** Seconds before an attempt that follows another: by chance, up to twice as long each time. */
export const waitBefore = (
  { base, cap }: { readonly base: number; readonly cap: number },
  attempt: number,
  random: Random,
): number => fractionOf(random) * Math.min(cap, base * 2 ** (attempt - 1));
