/**
 * What a service gives of something in each second: unused, it gathers up to some seconds' worth. Who refuses looks
 * before at what is left; who makes callers wait takes more, and learns how long.
 */
export class Allowance {
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #at = 0;
  #taken = 0;

  constructor(perSecond: number, gathers = 1) {
    this.#perSecond = perSecond;
    this.#most = perSecond * gathers;
    this.#left = perSecond;
  }

  /** Takes an amount at a time, in seconds, and returns the seconds until all of it is there. */
  take(amount: number, at: number): number {
    this.#gather(at);
    this.#left -= amount;
    this.#taken += amount;
    return Math.max(0, -this.#left / this.#perSecond);
  }

  /** What is there to take. */
  leftAt(at: number): number {
    this.#gather(at);
    return Math.max(0, this.#left);
  }

  /** Share that was taken of all that was given until a time. */
  useUntil(at: number): number {
    return this.#taken / (this.#perSecond * at);
  }

  #gather(at: number): void {
    this.#left = Math.min(this.#most, this.#left + Math.max(0, at - this.#at) * this.#perSecond);
    this.#at = Math.max(this.#at, at);
  }
}
