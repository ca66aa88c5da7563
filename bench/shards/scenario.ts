import type { Crowd } from './senders.ts';

/** What is played: traffic, and a template that takes it. */
export interface Scenario extends Crowd {
  readonly name: string;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly eventBytes: number;
  readonly eventsPerRecord: number;
  /** Each event of a record is about somebody else, as a server sends them. */
  readonly mixed: boolean;
  readonly shards: number;
  /** `stitch.parallelizationFactor` */
  readonly factor: number;
  /** Seconds after which there are twice as many shards. */
  readonly splitAt?: number;
  /** Partitions of the table; each 1,000 write units a second of its warm throughput is one. */
  readonly partitions: number;
  /** Units for a profile. */
  readonly units: { readonly reads: number; readonly writes: number };
  /** Seconds that a write takes: longer, if it is a transaction that makes somebody new. */
  readonly secondsPerWrite: number;
  /** Share of the records with a `group` call of one account. */
  readonly ofOneAccount: number;
  /** Seconds that records gather: `batchingWindow`. */
  readonly gatherSeconds: number;
}

/** What became of a scenario's events. */
export interface Played {
  readonly name: string;
  /** Events that clients had to send. */
  readonly sent: number;
  /** Events that the stream took. */
  readonly taken: number;
  /** Events that are with their clients at the end, which were asked to send them again. */
  readonly withClients: number;
  readonly stitched: number;
  /** Events that are on the stream at the end. */
  readonly onStream: number;
  readonly requests: number;
  /** Answers 429 to the busiest sender, and to all others. */
  readonly sentAgain: { readonly busiest: number; readonly others: number };
  /** Seconds that the oldest event on the stream had waited: at most, and at the end. */
  readonly behindMost: number;
  readonly behindAtEnd: number;
  /** Batches that ended with the account contended for the last time, and came again. */
  readonly batchesAgain: number;
  /** Share of the time of all batches that they waited for a partition of the table. */
  readonly throttled: number;
  /** Shares of what each part can do that its busiest one did; more than 1 is what it was asked for. */
  readonly use: Use;
}

/** What a busiest shard took and gave, its busiest lane worked, and the table's busiest partition was asked for. */
export interface Use {
  readonly in: number;
  readonly out: number;
  readonly lanes: number;
  readonly table: number;
}
