import type { ProfileId } from '../../profile/profile.ts';
import { leadingBits } from '../../values/fingerprint.ts';

/** Partitions of the due index. DynamoDB writes at most 1,000 units a second to one. */
export const dueShards = 64;

/** The partition of a profile in the due index. It stays, because an entry under another would be found twice. */
export const dueShardOf = (profileId: ProfileId): number => leadingBits(profileId);

/** One of several invocations that share the shards. */
export interface Slice {
  /** Which one, from 0. */
  readonly slice: number;
  readonly slices: number;
}

/** The shards of a slice; each shard is in exactly one slice. */
export const shardsOf = ({ slice, slices }: Slice): number[] => allShards.filter((shard) => shard % slices === slice);

/** Every shard. */
export const allShards: readonly number[] = Array.from({ length: dueShards }, (_, shard) => shard);
