import { setImmediate as whenIdle } from 'node:timers/promises';
import type { Chance } from './chance.ts';

/**
 * Decides whose call is answered next. Every call to a fake service takes a turn, so all workers interleave at every
 * await.
 */
export interface Turns {
  take<T>(label: string, act: () => T): Promise<T>;
}

/** The world stands still or runs forever; invariant 9 says that every loop ends. */
export class NoEnd extends Error {
  override readonly name = 'NoEnd';
}

/** Answers waiting calls one at a time in an order that the seed decides. */
export class SeededTurns implements Turns {
  private readonly waiting: (() => void)[] = [];
  taken = 0;

  private readonly chance: Chance;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  take<T>(_label: string, act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push(() => {
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Gives turns until the work is done. @throws NoEnd when nobody waits for one, or after `limit` turns */
  async runUntil<T>(work: Promise<T>, limit: number): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    // Once the event loop is idle, every promise that could settle has, so all calls that can be made wait here.
    for (await whenIdle(); !settled; await whenIdle()) {
      const [next] = this.waiting.splice(this.chance.below(this.waiting.length), 1);
      if (next === undefined) throw new NoEnd('work is left and nobody waits for an answer');
      if (++this.taken > limit) throw new NoEnd(`work is left after ${limit} turns`);
      next();
    }
    return work;
  }
}
