import type { Random } from '../../local/demo/shop/random.ts';
import { assumptions } from '../metering/assumptions.ts';
import { contendedPolicy, waitBefore } from './limits.ts';

interface Attempt {
  readonly readAt: number;
  readonly attempt: number;
  readonly done: (at: number, written: boolean) => void;
}

/** The item of one account that many lanes write: a write fails if another came after the read that it follows. */
export class AccountItem {
  readonly #open: Attempt[] = [];
  readonly #random: Random;
  #writtenAt = -1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Begins to write at a time; `done` hears when it is written, or contended for the last time. */
  write(at: number, done: Attempt['done']): void {
    this.#open.push({ readAt: at, attempt: 1, done });
  }

  /** Plays all attempts that end before a time, in their order. */
  playUntil(time: number): void {
    for (let next = this.#takeFirst(time); next !== undefined; next = this.#takeFirst(time)) this.#play(next);
  }

  #takeFirst(time: number): Attempt | undefined {
    let first = -1;
    for (const [n, { readAt }] of this.#open.entries())
      if (first < 0 || readAt < (this.#open[first]?.readAt ?? 0)) first = n;
    const next = this.#open[first];
    if (next === undefined || next.readAt + readAndWrite >= time) return undefined;
    this.#open.splice(first, 1);
    return next;
  }

  #play({ readAt, attempt, done }: Attempt): void {
    const writesAt = readAt + readAndWrite;
    if (this.#writtenAt <= readAt) {
      this.#writtenAt = writesAt;
      done(writesAt, true);
      return;
    }
    if (attempt === contendedPolicy.attempts) {
      done(writesAt, false);
      return;
    }
    const wait = waitBefore(contendedPolicy, attempt, this.#random);
    this.#open.push({ readAt: writesAt + wait, attempt: attempt + 1, done });
  }
}

/** Seconds from the read of a profile to the write that follows. */
const readAndWrite = 2 * assumptions.dynamoCall;
