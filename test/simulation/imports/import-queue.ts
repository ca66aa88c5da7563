import { Worker, type World } from '../running/worker.ts';

/** A message about an object. */
export interface About {
  readonly key: string;
  readonly version: string;
}

/** A message that waits, or that somebody works on: until a time nobody else sees it. */
interface Waiting {
  readonly about: About;
  readonly receipt: string;
  hiddenUntil: number;
  receives: number;
}

/** What a message is given to: true once it is done. */
export type TakeMessage = (
  message: { about: About; receipt: string; receives: number },
  worker: Worker,
) => Promise<boolean>;

/** Milliseconds for which a message is hidden once it was received. It must be longer than a lease. */
const hiddenFor = 600_000;
const maxReceives = 100;
/** Milliseconds by which time goes on when nobody has anything to do. */
const whileIdle = 20_000;

/** A queue with its consumers and dead letters: in no order, each message at least once. */
export class ImportQueue {
  readonly deadLetters: About[] = [];
  private readonly waiting = new Set<Waiting>();
  private made = 0;
  private underway = 0;

  private readonly take: TakeMessage;
  private readonly world: World;
  private readonly clock: { now: number };

  constructor(take: TakeMessage, world: World, clock: { now: number }) {
    this.take = take;
    this.world = world;
    this.clock = clock;
  }

  send(about: About): void {
    this.waiting.add({ about, receipt: `receipt-${++this.made}`, hiddenUntil: 0, receives: 0 });
  }

  hide(receipt: string, seconds: number): void {
    for (const entry of this.waiting)
      if (entry.receipt === receipt) entry.hiddenUntil = this.clock.now + seconds * 1_000;
  }

  /** What an operator does once the fault is gone. */
  redrive(): number {
    const letters = this.deadLetters.splice(0);
    for (const about of letters) this.send(about);
    return letters.length;
  }

  /** One consumer: ends once the queue is empty and `open` says that nothing is to come. */
  async drain(open: () => boolean): Promise<void> {
    while (open() || this.waiting.size > 0 || this.underway > 0) {
      const entry = await this.world.turns.take('import polls', () => this.receive());
      if (entry === undefined) continue;
      this.underway += 1;
      await this.attempt(entry);
      this.underway -= 1;
    }
  }

  private receive(): Waiting | undefined {
    const visible = [...this.waiting].filter(({ hiddenUntil }) => hiddenUntil <= this.clock.now);
    if (visible.length === 0) {
      if (this.underway === 0) this.clock.now += whileIdle;
      return undefined;
    }
    const entry = this.world.chance.pick(visible);
    entry.hiddenUntil = this.clock.now + hiddenFor;
    entry.receives += 1;
    if (entry.receives > 1) this.world.tally.add('fault: message received again');
    return entry;
  }

  private async attempt(entry: Waiting): Promise<void> {
    const worker = new Worker(`import ${++this.made}`, this.world);
    const { about, receipt, receives } = entry;
    const isDone = await Promise.race([this.take({ about, receipt, receives }, worker), worker.death]).catch(failed);
    if (isDone) this.waiting.delete(entry);
    else if (receives >= maxReceives && this.waiting.delete(entry)) this.deadLetters.push(about);
  }
}

/** A message comes again after an answer of a service or a death; anything else is a defect of code or of a fake. */
function failed(error: unknown): false {
  const { name } = error as Error;
  if (
    ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'ZodError', 'UnreadableItem', 'SyntaxError'].includes(name)
  )
    throw error;
  return false;
}
