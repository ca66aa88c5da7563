import { Worker, type World } from '../running/worker.ts';
import type { Shard, StreamRecord } from './stream.ts';
import { type Batch, type Delivery, type RetryPolicy, verdictOn } from './stream-batch.ts';

/** What a mapping delivers to: answers the sequence numbers of failed records. */
export type Invoke<Data> = (records: readonly StreamRecord<Data>[], worker: Worker) => Promise<readonly string[]>;

interface Mapping<Data> {
  readonly name: string;
  readonly invoke: Invoke<Data>;
  readonly policy: RetryPolicy;
  readonly batchSize: number;
  /** Gets the whole payload of what is given up. */
  readonly onFailure: (records: readonly StreamRecord<Data>[]) => void;
}

/**
 * Reads one shard for one mapping as Lambda does: batch after batch in order, one at a time, until told that no more
 * will come.
 */
export class ShardReader<Data> {
  private position = 0;
  private deliveries = 0;

  private readonly shard: Shard<Data>;
  private readonly mapping: Mapping<Data>;
  private readonly world: World;

  constructor(shard: Shard<Data>, mapping: Mapping<Data>, world: World) {
    this.shard = shard;
    this.mapping = mapping;
    this.world = world;
  }

  /** Ends once the shard is read to its end and `open` says that nothing is to come. */
  async drain(open: () => boolean): Promise<void> {
    while (open() || this.position < this.shard.records.length) {
      const records = await this.world.turns.take(`${this.mapping.name} polls`, () => this.poll());
      let waiting: readonly Batch<Data>[] = records.length > 0 ? [{ records, failures: 0 }] : [];
      while (waiting.length > 0) waiting = await this.deliver(waiting);
      this.position += records.length;
    }
  }

  private poll(): StreamRecord<Data>[] {
    const size = 1 + this.world.chance.below(this.mapping.batchSize);
    return this.shard.records.slice(this.position, this.position + size);
  }

  private async deliver([batch, ...later]: readonly Batch<Data>[]): Promise<readonly Batch<Data>[]> {
    if (batch === undefined) return later;
    const { tally, chance, rates } = this.world;
    const delivery = await this.attempt(batch);
    const { again, givenUp } = verdictOn(batch, delivery, this.mapping.policy);
    if (givenUp.length > 0) {
      tally.add('fault: records given up, payload kept');
      this.mapping.onFailure(givenUp);
    }
    if (again.length > 1) tally.add('fault: batch split after an error');
    else if (again.length > 0)
      tally.add(
        delivery.error
          ? 'fault: batch delivered again after an error'
          : 'fault: batch delivered again from its first failure on',
      );
    if (again.length > 0 || givenUp.length > 0 || !chance.happens(rates.delivery)) return [...again, ...later];
    tally.add('fault: batch delivered again although it was done');
    return [batch, ...later];
  }

  /** Under another name each time: it is another environment of the function, as far as anybody can tell. */
  private async attempt({ records }: Batch<Data>): Promise<Delivery> {
    const worker = new Worker(`${this.mapping.name} ${this.shard.name} ${++this.deliveries}`, this.world);
    try {
      return { error: false, failures: await Promise.race([this.mapping.invoke(records, worker), worker.death]) };
    } catch (error) {
      if (isDefect(error)) throw error;
      return { error: true };
    }
  }
}

/**
 * A mistake of the code under test or of a fake, and no answer of a service: it must not pass for a fault that was
 * planted.
 */
const isDefect = (error: unknown): boolean =>
  ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'ZodError', 'UnreadableItem', 'SyntaxError'].includes(
    (error as Error).name,
  );
