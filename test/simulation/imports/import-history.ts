import { requestPartition } from '../../../lambdas/core/contract/storage.ts';
import { type Change, MemoryStore } from '../../fakes/memory-store.ts';
import { CommitChecker } from '../checkers/commit-checker.ts';
import type { Sabotage } from '../histories/sabotage.ts';
import type { Outcome } from '../running/campaign.ts';
import type { Chance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import { NoEnd, type SeededTurns } from '../running/turns.ts';
import { noFaults, untilQuiet, type Worker, type World } from '../running/worker.ts';
import { FaultyTable } from '../world/faulty-table.ts';
import type { Parked } from '../world/quarantine.ts';
import { stitchFunction } from '../world/stitch-function.ts';
import { Shard } from '../world/stream.ts';
import { ShardReader } from '../world/stream-mapping.ts';
import { Bucket } from './bucket.ts';
import { importConfig } from './files.ts';
import { importViolations } from './import-checker.ts';
import { importFunction, type Mistake } from './import-function.ts';
import { ImportQueue } from './import-queue.ts';
import { LedgerChecker } from './ledger-checker.ts';
import { daysOf, type ImportPlan, objectsOf } from './plan.ts';

const maxTurns = 200_000;
const begins = Date.UTC(2026, 4, 1, 12);

/** A mistake of imports, or of what they write to the table. */
export interface PlantedMistake {
  readonly mistake?: Mistake;
  readonly sabotage?: Sabotage;
  /** A mistake of stitch between it and the table. */
  readonly ofStitch?: Sabotage;
}

/** One history: people drop files, several workers import them, and stitch reads the stream. */
export class ImportHistory {
  private readonly clock = { now: begins };
  private readonly world: World;
  private readonly parked: Parked[] = [];
  private readonly ledger = new LedgerChecker();
  private readonly checker: CommitChecker;
  private readonly bucket: Bucket;
  private readonly queue: ImportQueue;
  private readonly shards: Shard<string>[];
  private readonly readers: ShardReader<string>[];
  private readonly store: MemoryStore;
  private readonly plan: ImportPlan;
  private readonly turns: SeededTurns;
  private slow: number;

  constructor(plan: ImportPlan, chance: Chance, turns: SeededTurns, planted: PlantedMistake = {}) {
    this.plan = plan;
    this.turns = turns;
    this.slow = plan.slow;
    const world: World = { turns, chance, tally: new Tally(), underway: new Set(), rates: plan.rates };
    this.world = world;
    this.checker = new CommitChecker(() => ({ max: 1000, window: 'ever' }), world.tally, this.remembersAll);
    this.store = new MemoryStore((changes) => this.onCommit(changes));
    const { store } = this;
    const table = new FaultyTable(store, world);
    const clientFor = (worker: Worker) => table.clientFor(worker);
    const config = importConfig(plan.deletes);
    const { mistake, sabotage = (client) => client, ofStitch = (client) => client } = planted;
    this.shards = Array.from({ length: 2 }, (_, n) => new Shard<string>(`shard ${n}`));
    this.bucket = new Bucket(
      world,
      () => this.clock.now,
      (key, version) => this.tell(key, version),
    );
    const take = importFunction({
      ...{ config, world, bucket: this.bucket, shards: this.shards, clock: this.clock, mistake },
      clientFor: (worker) => sabotage(clientFor(worker), store),
      slow: () => this.slow,
      hide: (receipt, seconds) => this.queue.hide(receipt, seconds),
    });
    this.queue = new ImportQueue(take, world, this.clock);
    const invoke = stitchFunction({
      ...{ config, parked: this.parked, log: [], world },
      clientFor: (worker) => ofStitch(clientFor(worker), store),
    });
    const policy = { maxRetries: 1000, bisects: true };
    const mapping = { name: 'stitch', invoke, policy, batchSize: 5, onFailure: () => {} };
    this.readers = this.shards.map((shard) => new ShardReader(shard, mapping, world));
  }

  async play(): Promise<Outcome> {
    const { plan, world, checker, ledger, bucket } = this;
    try {
      for (const day of daysOf(plan)) await this.run(this.work(this.drop(day)));
      await this.run(untilQuiet(world));
      world.rates = noFaults;
      this.slow = 0;
      this.queue.redrive();
      await this.run(this.work());
      const lines = this.lines();
      const found = importViolations({
        ...{ plan, bucket, ledger, checker, lines, remembersAll: this.remembersAll() },
        requests: [...this.store.items.values()].filter(({ pk }) => pk === requestPartition),
      });
      return this.outcome([...found, ...(await this.onceMore(lines.length))]);
    } catch (error) {
      if (error instanceof NoEnd) return this.outcome([error.message]);
      throw error;
    }
  }

  private outcome(violations: readonly string[]): Outcome {
    const set = this.parked.map(({ reason }) => `stitch put an event aside: ${reason}`);
    const left = this.queue.deadLetters.map(({ key }) => `${key} is a dead letter although nothing fails`);
    const found = [...this.ledger.violations, ...this.checker.violations, ...violations, ...set, ...left];
    return { violations: found, tally: this.world.tally };
  }

  private readonly remembersAll = (): boolean => this.clock.now < begins + 86_400_000;

  private run<T>(work: Promise<T>): Promise<T> {
    return this.turns.runUntil(work, maxTurns);
  }

  /** Imports and stitch work until nothing is left, while something else happens. */
  private async work(meanwhile: Promise<void> = Promise.resolve()): Promise<void> {
    const { workers } = this.plan;
    let [dropping, importing] = [true, true];
    const dropped = meanwhile.then(() => {
      dropping = false;
    });
    const imported = Promise.all([
      dropped,
      ...Array.from({ length: workers }, () => this.queue.drain(() => dropping)),
    ]).then(() => {
      importing = false;
    });
    await Promise.all([imported, ...this.readers.map((reader) => reader.drain(() => importing))]);
  }

  /** People drop files, and the job \`records\` writes pieces. */
  private async drop(day: number): Promise<void> {
    const { chance, turns } = this.world;
    for (const { name, body } of objectsOf(this.plan, day).sort(() => chance.below(3) - 1))
      await turns.take('somebody drops a file', () => {
        // Where nobody is slow, no lease runs out.
        if (this.slow > 0) this.clock.now += chance.below(200_000);
        this.bucket.put(name, body);
      });
  }

  /** Everything is told and dropped again: nothing comes of it. */
  private async onceMore(sent: number): Promise<string[]> {
    const [commits, pieces] = [this.checker.commits, this.bucket.below('imports/staged/').size];
    for (const prefix of ['imports/staged/', 'imports/files/'])
      for (const key of this.bucket.below(prefix).keys()) this.queue.send({ key, version: this.bucket.latest(key) });
    for (const { names, text } of this.plan.contents)
      this.bucket.put((names[0] ?? '').replace('.csv', ' once more.csv'), Buffer.from(text));
    await this.run(this.work());
    return [
      ...(this.lines().length > sent ? [`once more, ${this.lines().length - sent} lines were sent`] : []),
      ...(this.bucket.below('imports/staged/').size > pieces ? ['once more, pieces were staged'] : []),
      ...(this.checker.commits > commits ? ['once more, profiles were written'] : []),
    ];
  }

  private lines(): string[] {
    return this.shards.flatMap(({ records }) => records.flatMap(({ data }) => data.trim().split('\n')));
  }

  /** S3 tells of objects of imports, of some twice. */
  private tell(key: string, version: string): void {
    if (!/^imports\/(files|staged)\//.test(key)) return;
    this.queue.send({ key, version });
    if (!this.world.chance.happens(this.world.rates.delivery)) return;
    this.world.tally.add('fault: S3 tells twice of an object');
    this.queue.send({ key, version });
  }

  private onCommit(changes: readonly Change[]): void {
    this.ledger.onCommit(changes);
    if (!changes.every(({ key }) => key.startsWith('import#'))) this.checker.onCommit(changes);
  }
}
