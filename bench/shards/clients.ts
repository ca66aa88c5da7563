import type { Random } from '../../local/demo/shop/random.ts';
import { putPolicy, waitBefore } from './limits.ts';
import type { Scenario } from './scenario.ts';
import type { Senders } from './senders.ts';
import type { StreamRecord } from './stream-record.ts';

type Sent = Omit<StreamRecord, 'arrivedAt'>;

interface Retry {
  readonly record: Sent;
  readonly attempt: number;
}

/**
 * Clients that send at an even rate. What a shard refuses, collect puts again, five times in all; then its client is
 * asked to send it again, and does until it is taken.
 */
export class Clients {
  readonly #scenario: Scenario;
  readonly #senders: Senders;
  readonly #random: Random;
  /** By the step in which they are due. */
  readonly #retries = new Map<number, Retry[]>();
  #due = 0;
  sent = 0;
  taken = 0;
  /** Answers that asked for a request again. */
  readonly sentAgain = { busiest: 0, others: 0 };

  constructor(scenario: Scenario, senders: Senders, random: Random) {
    this.#scenario = scenario;
    this.#senders = senders;
    this.#random = random;
  }

  get waiting(): number {
    return this.sent - this.taken;
  }

  /** Sends what is due in a step that begins at a time and lasts some seconds. */
  send(at: number, seconds: number, put: (record: Sent) => boolean): void {
    const step = Math.round(at / seconds);
    const retries = this.#retries.get(step) ?? [];
    this.#retries.delete(step);
    for (const retry of retries) this.#try(retry, at, seconds, put);
    this.#due += (this.#scenario.eventsPerSecond * seconds) / this.#scenario.eventsPerRecord;
    for (; this.#due >= 1; this.#due -= 1) {
      this.sent += 1;
      const sender = this.#senders.next();
      this.#try({ record: { sender, position: this.#senders.positionOf(sender) }, attempt: 1 }, at, seconds, put);
    }
  }

  #try({ record, attempt }: Retry, at: number, seconds: number, put: (record: Sent) => boolean): void {
    if (put(record)) {
      this.taken += 1;
      return;
    }
    const given = attempt % putPolicy.attempts === 0;
    if (given) this.sentAgain[record.sender === 0 ? 'busiest' : 'others'] += 1;
    const wait = given ? putPolicy.retryAfter : waitBefore(putPolicy, attempt % putPolicy.attempts, this.#random);
    const step = Math.round(at / seconds) + Math.max(1, Math.round(wait / seconds));
    const others = this.#retries.get(step);
    if (others === undefined) this.#retries.set(step, [{ record, attempt: attempt + 1 }]);
    else others.push({ record, attempt: attempt + 1 });
  }
}
