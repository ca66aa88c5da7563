import { Worker, type World } from '../running/worker.ts';

/** A message on a queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  /** How often the queue has delivered it, this time included. */
  readonly receives: number;
  /** Whether an operator put it there out of the dead letters. */
  readonly isRedriven: boolean;
}

interface Waiting {
  readonly message: Pick<QueueMessage, 'messageId' | 'body'>;
  readonly isRedriven: boolean;
  receives: number;
}

/** Answers the ids of messages that failed. */
type Consume = (messages: readonly QueueMessage[], worker: Worker) => Promise<readonly string[]>;

const maxReceives = 5;
const maxBatch = 3;

/** A standard queue with its consumer and dead letters: in no order, each message at least once. */
export class Queue {
  readonly deadLetters: Pick<QueueMessage, 'messageId' | 'body'>[] = [];
  private readonly waiting: Waiting[] = [];
  private made = 0;
  private underway = 0;

  private readonly consume: Consume;
  private readonly world: World;

  constructor(consume: Consume, world: World) {
    this.consume = consume;
    this.world = world;
  }

  send = (body: string): void => this.put(body, false);

  private put(body: string, isRedriven: boolean): void {
    this.waiting.push({ message: { messageId: `message-${++this.made}`, body }, isRedriven, receives: 0 });
  }

  /** What an operator does once the fault is gone. */
  redrive(): void {
    for (const { body } of this.deadLetters.splice(0)) this.put(body, true);
  }

  /** Ends once the queue is empty and `open` says that nothing is to come. */
  async drain(open: () => boolean): Promise<void> {
    while (open() || this.waiting.length > 0 || this.underway > 0) {
      const batch = await this.world.turns.take('the queue polls', () => this.receive());
      this.underway += batch.length;
      if (batch.length > 0) await this.attempt(batch);
      this.underway -= batch.length;
    }
  }

  private receive(): Waiting[] {
    const { chance } = this.world;
    const count = Math.min(this.waiting.length, 1 + chance.below(maxBatch));
    return Array.from({ length: count }, () => this.waiting.splice(chance.below(this.waiting.length), 1)).flat();
  }

  private async attempt(batch: readonly Waiting[]): Promise<void> {
    const { chance, rates, tally } = this.world;
    const worker = new Worker(`deliver ${++this.made}`, this.world);
    const messages = batch.map(({ message, isRedriven, receives }) => ({
      ...message,
      isRedriven,
      receives: receives + 1,
    }));
    const everything = messages.map(({ messageId }) => messageId);
    const failed = new Set(await Promise.race([this.consume(messages, worker), worker.death]).catch(() => everything));
    for (const entry of batch) {
      const again = failed.has(entry.message.messageId);
      if (again) tally.add('fault: message received again');
      else if (chance.happens(rates.delivery)) tally.add('fault: message received twice');
      else continue;
      if (++entry.receives >= maxReceives && again) this.deadLetters.push(entry.message);
      else if (entry.receives < maxReceives) this.waiting.push(entry);
    }
  }
}
