import { unpackItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { deliveryPrefix } from '../../../lambdas/core/contract/storage.ts';
import { replayLine } from '../../../lambdas/core/replay/line.ts';
import { type Change, MemoryStore } from '../../fakes/memory-store.ts';
import { CommitChecker } from '../checkers/commit-checker.ts';
import { endViolations, groundOf, unstopped } from '../checkers/end-checker.ts';
import { unloggedCaps, untoldTruths } from '../checkers/outbox-checker.ts';
import { messageIdIn } from '../people/message.ts';
import { isAlone, type Plan, type Request, remembersAll } from '../people/plan.ts';
import { rules } from '../people/settings.ts';
import type { Outcome } from '../running/campaign.ts';
import type { Chance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import { NoEnd } from '../running/turns.ts';
import { noFaults, untilQuiet, type Worker, type World } from '../running/worker.ts';
import { Client } from '../world/clients.ts';
import { FaultyTable } from '../world/faulty-table.ts';
import { isOwn, Lake } from '../world/lake.ts';
import { Operator, rejoined } from '../world/operator.ts';
import { Outbox } from '../world/outbox.ts';
import { packed } from '../world/packing.ts';
import type { Parked } from '../world/quarantine.ts';
import { stitchFunction } from '../world/stitch-function.ts';
import { Shard, type StreamRecord } from '../world/stream.ts';
import { ShardReader } from '../world/stream-mapping.ts';
import type { Drive, Surroundings } from './surroundings.ts';

/** One history: clients, an event stream, the stitch function and its table. */
export class History {
  private readonly world: World;
  private readonly shards: Shard<string>[];
  private readonly parked: Parked[] = [];
  private readonly givenUp: StreamRecord<string>[] = [];
  private readonly checker: CommitChecker;
  private readonly reader: (shard: Shard<string>) => ShardReader<string>;
  private readonly drive: Drive;
  private readonly outbox: Outbox;
  private readonly operator: Operator;
  private readonly lake: Lake;
  private clock = Date.UTC(2026, 4, 1, 12);

  private readonly plan: Plan;

  constructor(plan: Plan, chance: Chance, { turns, drive, sabotage }: Surroundings) {
    this.plan = plan;
    const config = rules[plan.rules];
    const world: World = { turns, chance, tally: new Tally(), underway: new Set(), rates: plan.rates };
    this.world = world;
    this.drive = drive;
    this.checker = new CommitChecker(
      (type) => config.identity.limits[type] ?? { max: config.identity.defaultLimit, window: 'ever' },
      world.tally,
      () => remembersAll(plan),
    );
    const store = new MemoryStore((changes) => this.onCommit(changes), plan.maxItemBytes);
    const table = new FaultyTable(store, world);
    const client = (worker: Worker) => (plan.packs ? packed(table.clientFor(worker)) : table.clientFor(worker));
    this.outbox = new Outbox(config, client, world, plan.maxRetries);
    const clientFor = (worker: Worker) => (sabotage ? sabotage(client(worker), store) : client(worker));
    this.lake = new Lake(this.checker, world, () => this.tick());
    this.operator = new Operator(config, clientFor, this.checker, world);
    const invoke = stitchFunction({ config, clientFor, parked: this.parked, log: this.outbox.log, world });
    const policy = { maxRetries: plan.maxRetries, bisects: true };
    const mapping = {
      name: 'stitch',
      invoke,
      policy,
      batchSize: plan.batchSize,
      onFailure: (records: readonly StreamRecord<string>[]) => void this.givenUp.push(...records),
    };
    this.reader = (shard) => new ShardReader(shard, mapping, world);
    this.shards = Array.from({ length: plan.shards }, (_, n) => new Shard(`shard ${n}`));
  }

  async play(): Promise<Outcome> {
    const { plan, checker, parked } = this;
    try {
      const accepted = await this.drive(this.stormyPart());
      await this.drive(untilQuiet(this.world));
      const stored = this.shards.flatMap(({ records }) => records);
      const leftOver = await this.drive(this.calmPart(stored));
      const untold = plan.delivers ? untoldTruths(checker, this.outbox, rules[plan.rules]) : [];
      return this.outcome([
        ...leftOver,
        ...rejoined(this.operator, checker),
        ...untold,
        ...unloggedCaps(parked, this.outbox),
        ...endViolations({ plan, checker, accepted, stored, parked }),
      ]);
    } catch (error) {
      if (error instanceof NoEnd) return this.outcome([error.message]);
      throw error;
    }
  }

  /**
   * Clients send while the function reads; what is given up is kept for the operator. Answers the requests that got a
   * 200.
   */
  private async stormyPart(): Promise<Request[]> {
    const { clients, requests } = this.plan;
    const senders = Array.from(
      { length: clients },
      (_, n) => new Client(`client ${n}`, this.shards, this.world, () => this.tick()),
    );
    let [sending, stitching] = [true, true];
    const sent = Promise.all([
      ...senders.map((client, n) => client.send(requests.filter((_, at) => at % clients === n))),
      this.plan.corrects && this.lake.work(this.shards),
    ]).then(() => {
      sending = false;
    });
    const stitched = Promise.all([
      sent,
      this.plan.unmerges && this.operator.work(),
      ...this.shards.map((shard) => this.reader(shard).drain(() => sending)),
    ]).then(() => {
      stitching = false;
    });
    await Promise.all([stitched, this.plan.delivers && this.outbox.run(() => stitching)]);
    return senders.flatMap(({ accepted }) => accepted);
  }

  /** Nothing fails any more: what was given up is applied, and what was applied is not applied again. */
  private async calmPart(stored: readonly StreamRecord<string>[]): Promise<string[]> {
    this.world.rates = noFaults;
    await this.deliver(this.givenUp.splice(0));
    // Late unmerges: all that was said is applied, and comes again.
    this.operator.isLate = true;
    if (this.plan.unmerges) await this.operator.work();
    for (let left = 5; this.plan.corrects && left > 0; left--)
      await this.deliver(this.lake.correct().map((data) => ({ data })));
    // Whoever had an identifier that was released no longer answers for it, so then all that is said again finds its
    // place first.
    if (this.checker.corrections.released.size > 0) await this.deliver([{ data: this.applied(stored).join('\n') }]);
    this.outbox.redrive();
    if (this.plan.delivers) await this.outbox.run(() => false);
    const { commits } = this.checker;
    // What is in quarantine may find room once people are parted.
    if (unstopped(this.plan))
      await this.deliver(
        this.plan.unmerges || this.plan.corrects ? [{ data: this.applied(stored).join('\n') }] : stored,
      );
    const again = this.checker.commits - commits;
    return [
      ...(again > 0 ? [`delivering everything once more wrote ${again} times`] : []),
      ...(remembersAll(this.plan) ? await this.replay(stored) : []),
      ...(this.givenUp.length + this.outbox.redrive() > 0 ? ['records are given up although nothing fails'] : []),
    ];
  }

  /** The events among what was stored that are not in quarantine. */
  private applied(stored: readonly StreamRecord<string>[]): string[] {
    const aside = new Set([undefined, ...this.parked.map(({ event }) => messageIdIn(event))]);
    return stored
      .flatMap(({ data }) => data.split('\n'))
      .filter((line) => !isOwn(line) && !aside.has(messageIdIn(line)));
  }

  /**
   * What was applied is sent again as `npm run replay` does, whatever rules bind and whoever was parted: nothing may
   * come of it.
   */
  private async replay(stored: readonly StreamRecord<string>[]): Promise<string[]> {
    const { commits } = this.checker;
    const sent = this.applied(stored).map((line) => `${replayLine(line, 'raw')}\n`);
    await this.deliver([{ data: sent.join('') }]);
    const again = this.checker.commits - commits;
    return again > 0 ? [`sending what was applied again wrote ${again} times`] : [];
  }

  /** What an operator does with records that were given up: gives them to the function again. */
  private async deliver(records: readonly Pick<StreamRecord<string>, 'data'>[]): Promise<void> {
    const shard = new Shard<string>('redrive');
    for (const { data } of records) shard.append(data);
    await this.reader(shard).drain(() => false);
  }

  private onCommit(changes: readonly Change[]): void {
    // What a destination was told is no news about anybody.
    if (changes.every(({ key }) => key.startsWith(deliveryPrefix))) return;
    this.checker.onCommit(changes.map((change) => ({ ...change, after: change.after && unpackItem(change.after) })));
    for (const { after } of changes) if (after?.packed !== undefined) this.world.tally.add('writes: packed items');
    if (this.plan.delivers) this.outbox.onCommit(changes);
  }

  /** Coarse, so that two profiles are made at the same instant now and then. */
  private tick(): string {
    this.clock += this.world.chance.pick(this.plan.pace);
    return new Date(this.clock).toISOString();
  }

  private outcome(violations: readonly string[]): Outcome {
    const { tally } = this.world;
    // Deliveries to one destination share what is known of it, however few read events.
    const met = tally.totalOf('contention: ') - tally.totalOf('contention: delivery ');
    const needless = isAlone(this.plan) && met > 0;
    this.checker.corrections.sumUp();
    for (const { reason } of this.parked) this.world.tally.add(`quarantined: ${groundOf(reason)}`);
    return {
      violations: [
        ...this.checker.violations,
        ...violations,
        ...(needless ? ['a condition failed although nobody else was at work'] : []),
      ],
      tally: this.world.tally,
    };
  }
}
