/**
 * What a service gives of something in each second: unused, it gathers up to some seconds' worth. A service that
 * refuses takes no more than is there; one that makes its callers wait takes more, and says how long they wait.
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

  /** Takes an amount at a time, in seconds; false, with nothing taken, if there is less. */
  take(amount: number, at: number): boolean {
    this.#gather(at);
    if (this.#left < amount) return false;
    this.#spend(amount);
    return true;
  }

  /** Takes an amount, and returns the seconds until all of it is there. */
  waitFor(amount: number, at: number): number {
    this.#gather(at);
    this.#spend(amount);
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

  #spend(amount: number): void {
    this.#left -= amount;
    this.#taken += amount;
  }
}
