import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { hoursOfDeliveries } from '../../../lambdas/core/privacy/longest-erasure.ts';
import type { StoredRequest } from '../../../lambdas/core/privacy/request.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { audienceViolations } from '../checkers/barred-audience.ts';
import { BarredChecker } from '../checkers/barred-checker.ts';
import { barredAndTold, barredConfig } from '../people/barred.ts';
import { type Happened, lineOf, someHappening } from '../people/happenings.ts';
import type { Chance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import type { SeededTurns } from '../running/turns.ts';
import { type FaultRates, noFaults, untilQuiet, type World } from '../running/worker.ts';
import { FaultyTable } from '../world/faulty-table.ts';
import { OfficerAtWork } from '../world/officer.ts';
import { Outbox } from '../world/outbox.ts';
import { stitchFunction } from '../world/stitch-function.ts';
import { Shard } from '../world/stream.ts';
import { ShardReader } from '../world/stream-mapping.ts';
import type { Sabotage } from './sabotage.ts';

const maxTurns = 200_000;
/** Shards whose readers write at once. */
const shards = 2;

/** A mistake of one of those who write profiles. */
export interface PlantedMistake {
  readonly of: 'stitch' | 'officer';
  readonly sabotage: Sabotage;
}

/** People who are erased, suppressed and let in again while their messages come in late, twice and at once. */
export class BarredHistory {
  readonly tally = new Tally();
  readonly checker = new BarredChecker(this.tally);
  private now = Date.UTC(2026, 4, 1, 12);
  private readonly world: World;
  private readonly turns: SeededTurns;
  private readonly sent: Happened[] = [];
  private readonly shards = Array.from({ length: shards }, (_, n) => new Shard<string>(`events ${n}`));
  private readonly readers: readonly ShardReader<string>[];
  private readonly officer: OfficerAtWork;
  private readonly config: CdpConfig;
  private readonly outbox: Outbox;
  private readonly erasures: StoredRequest[] = [];
  private readonly optOuts: StoredRequest[] = [];

  constructor(turns: SeededTurns, chance: Chance, rates: FaultRates, planted?: PlantedMistake) {
    this.turns = turns;
    this.world = { turns, chance, tally: this.tally, underway: new Set(), rates };
    const { world } = this;
    this.config = chance.happens(0.5) ? barredAndTold : barredConfig;
    const { config } = this;
    const store = new MemoryStore((changes) => {
      this.checker.onCommit(changes);
      // Where nobody is told, an erasure does not wait until somebody was.
      if (config.destinations.length > 0) this.outbox.onCommit(changes);
    });
    const table = new FaultyTable(store, world);
    const clientOf =
      (who: PlantedMistake['of']) =>
      (...[worker]: Parameters<FaultyTable['clientFor']>) =>
        planted?.of === who ? planted.sabotage(table.clientFor(worker), store) : table.clientFor(worker);
    this.outbox = new Outbox(config, (worker) => table.clientFor(worker), world, 1000);
    const invoke = stitchFunction({ config, clientFor: clientOf('stitch'), parked: [], log: [], world });
    const mapping = { name: 'stitch', invoke, batchSize: 5, onFailure: () => {} };
    const policy = { maxRetries: 1000, bisects: true };
    this.readers = this.shards.map((shard) => new ShardReader(shard, { ...mapping, policy }, world));
    const now = (): string => new Date(this.now).toISOString();
    this.officer = new OfficerAtWork({ config, clientFor: clientOf('officer'), now, world, append: this.put });
  }

  get violations(): string[] {
    return this.checker.violations;
  }

  /** Messages and requests come at once while much fails; then nothing does, more happens, and all is sent again. */
  async play(people: number, events: number, requests: number): Promise<void> {
    let [sending, writing] = [true, true];
    const sent = this.send(people, events).then(() => {
      sending = false;
    });
    const written = Promise.all([sent, this.requests(people, requests), ...this.drain(() => sending)]).then(() => {
      writing = false;
    });
    await this.run(Promise.all([written, this.outbox.run(() => writing)]));
    await this.calmDown();
    // Where a destination is told first, whoever is erased is still there, with all who have become one with them.
    if (this.config.destinations.length === 0) this.checker.checkAll();
    await this.run(this.send(people, people));
    for (const happened of [...this.sent]) this.append(happened);
    await this.calmDown();
    this.now += hoursOfDeliveries * 3_600_000;
    for (const { requestId } of this.erasures) {
      const { profileIds } = await this.run(this.officer.runAgain(requestId));
      this.checker.checkErased(profileIds);
    }
    for (const { requestId } of this.optOuts) this.checker.tell(await this.run(this.officer.runAgain(requestId)));
    await this.calmDown();
    for (const { requestId } of this.optOuts) {
      const done = await this.run(this.officer.runAgain(requestId));
      this.checker.tell(done);
      this.checker.checkOptedOut(done);
    }
    this.checker.checkAll();
    const { told } = this.outbox;
    const live = this.checker.live();
    this.checker.violations.push(...audienceViolations({ live, saidTo: this.checker.saidTo, told }, this.config));
  }

  private async calmDown(): Promise<void> {
    await this.run(untilQuiet(this.world));
    this.world.rates = noFaults;
    await this.run(Promise.all(this.drain(() => false)));
    this.outbox.redrive();
    await this.run(this.outbox.run(() => false));
  }

  private drain = (isSending: () => boolean) => this.readers.map((reader) => reader.drain(isSending));

  private run<T>(work: Promise<T>): Promise<T> {
    return this.turns.runUntil(work, maxTurns);
  }

  private async send(people: number, events: number): Promise<void> {
    const { chance, turns } = this.world;
    for (let n = 0; n < events; n++)
      await turns.take('somebody does something', () => {
        this.now += chance.below(120) * 1000;
        const happened = someHappening(this.sent.length, people, this.now, chance);
        const isOnDevice = happened.anonymousId !== undefined;
        this.append({ ...happened, ...(isOnDevice && { allowsSale: chance.happens(0.2) }) });
        if (chance.happens(0.2)) this.append(chance.pick(this.sent));
      });
  }

  private async requests(people: number, requests: number): Promise<void> {
    const { chance, turns } = this.world;
    for (let n = 0; n < requests; n++) {
      for (let wait = chance.below(60); wait > 0; wait--) await turns.take('the officer waits', () => {});
      const who = chance.happens(0.5)
        ? `user_id:user-${chance.below(people)}`
        : `anonymous_id:device-${chance.below(2 * people)}`;
      const type = chance.pick(['erasure', 'suppress', 'unsuppress', 'opt_out'] as const);
      if (type === 'unsuppress') this.checker.tell({ type, keys: [] });
      const done = await this.officer.request(type, who);
      if (done !== undefined) this.checker.tell(done);
      if (done?.type === 'erasure') this.erasures.push(done);
      if (done?.type === 'opt_out') this.optOuts.push(done);
    }
  }

  private append(happened: Happened): void {
    this.sent.push(happened);
    const line = lineOf(happened, this.now);
    this.checker.hear(happened, line);
    this.put(line);
  }

  private readonly put = (line: string): void => {
    this.world.chance.pick(this.shards).append(line);
  };
}
