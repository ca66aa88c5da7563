/** What the stream takes, and how much of it imports may use. */
export interface RateBudget {
  /** Bytes a second that the stream takes. */
  readonly streamBytes: number;
  /** Share of them that all imports together may use, above 0 and at most 1. */
  readonly share: number;
}

/** Bytes a second that a shard of the stream takes. */
export const shardBytes = 1_000_000;

/** Bytes a second that all imports together may send. */
export const bytesPerSecond = ({ streamBytes, share }: RateBudget): number => streamBytes * share;

/** Seconds that an import of so many bytes takes at least, if no other import runs. */
export const secondsFor = (bytes: number, budget: RateBudget): number => Math.ceil(bytes / bytesPerSecond(budget));
