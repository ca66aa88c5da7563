import { costOf } from './pace.ts';

/** Bytes a second that a shard of the stream takes. */
export const shardBytes = 1_000_000;

/** Rows that wait to be sent, each of them as a record of its own at worst. */
interface Rows {
  readonly rows: number;
  readonly bytes: number;
}

/** Seconds that sending rows takes, at so many bytes a second and if no other import runs. */
export const secondsFor = ({ rows, bytes }: Rows, perSecond: number): number =>
  rows === 0 ? 0 : Math.ceil((costOf([bytes / rows]) * rows) / perSecond);
