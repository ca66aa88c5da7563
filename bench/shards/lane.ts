import { batchLimits } from './limits.ts';
import type { StreamRecord } from './stream-record.ts';

/** Records of a shard that stitch processes one batch after the other. */
export class Lane {
  #records: StreamRecord[] = [];
  #from = 0;
  #batch = 0;
  /** When its batch ends; without end while nobody knows. */
  busyUntil: number;
  busySeconds = 0;

  /** Lanes do not begin at the same time. */
  constructor(from: number) {
    this.busyUntil = from;
  }

  add(record: StreamRecord): void {
    this.#records.push(record);
  }

  /** Records that no batch has ended with. */
  get waiting(): number {
    return this.#records.length - this.#from;
  }

  get isDone(): boolean {
    return this.waiting === 0;
  }

  /** When the first record that waits came to the stream. */
  get oldest(): number | undefined {
    return this.#records[this.#from]?.arrivedAt;
  }

  /** Goes on behind the batch that has ended, and returns how many records it had. */
  settle(at: number): number {
    if (at < this.busyUntil) return 0;
    const settled = this.#batch;
    this.#from += settled;
    this.#batch = 0;
    if (this.#from >= 100_000) {
      this.#records = this.#records.slice(this.#from);
      this.#from = 0;
    }
    return settled;
  }

  /** Makes the batch come again. */
  giveBack(): void {
    this.#batch = 0;
  }

  /** The records of the next batch, if it is time for one: it is full, or has gathered long enough. */
  next(
    { recordBytes, gatherSeconds }: { recordBytes: number; gatherSeconds: number },
    at: number,
  ): readonly StreamRecord[] {
    if (at < this.busyUntil || this.oldest === undefined) return [];
    const most = Math.min(batchLimits.records, Math.floor(batchLimits.bytes / recordBytes));
    if (this.waiting < most && at - this.oldest < gatherSeconds) return [];
    this.#batch = Math.min(most, this.waiting);
    return this.#records.slice(this.#from, this.#from + this.#batch);
  }
}
