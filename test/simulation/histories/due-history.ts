import { Event } from '../../../lambdas/core/events/event.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { dueShardOf, dueShards } from '../../../lambdas/core/segments/due/due-shard.ts';
import { type Change, MemoryStore } from '../../fakes/memory-store.ts';
import { CommitChecker } from '../checkers/commit-checker.ts';
import { ToldChecker } from '../checkers/told-checker.ts';
import { dueConfig as config, type Happened, lineOf, segmentsAt, someHappening } from '../people/happenings.ts';
import type { Chance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import type { SeededTurns } from '../running/turns.ts';
import { type FaultRates, noFaults, untilQuiet, Worker, type World } from '../running/worker.ts';
import { FaultyTable } from '../world/faulty-table.ts';
import { Operator, rejoined } from '../world/operator.ts';
import { stitchFunction } from '../world/stitch-function.ts';
import { Shard } from '../world/stream.ts';
import { ShardReader } from '../world/stream-mapping.ts';
import { tendFunction } from '../world/tend-function.ts';
import type { Sabotage } from './sabotage.ts';

const minute = 60_000;
const maxTurns = 200_000;

/** A mistake of one of those who write profiles. */
export interface PlantedMistake {
  readonly of: 'stitch' | 'tend' | 'operator';
  readonly sabotage: Sabotage;
  /** Milliseconds by which the clock of tend is ahead. */
  readonly ahead?: number;
}

/**
 * People with windows, whom stitch, tend and an operator write at once: they become one and are parted, their messages
 * come late and twice, and each entry and exit is told once.
 */
export class DueHistory {
  readonly tally = new Tally();
  private readonly found: string[] = [];
  private now = Date.UTC(2026, 4, 1, 12);
  private readonly world: World;
  private readonly turns: SeededTurns;
  private readonly happened = new Map<string, Happened>();
  private readonly shard = new Shard<string>('events');
  private readonly checker: CommitChecker;
  private readonly told = new ToldChecker(config.identity, this.tally);
  private readonly reader: ShardReader<string>;
  private readonly operator: Operator;
  private readonly tend: (slice: number, slices: number, worker: Worker) => Promise<unknown>;

  constructor(turns: SeededTurns, chance: Chance, rates: FaultRates, planted?: PlantedMistake) {
    this.turns = turns;
    this.world = { turns, chance, tally: this.tally, underway: new Set(), rates };
    const { limits, defaultLimit } = config.identity;
    const limitOf = (type: string) => limits[type] ?? { max: defaultLimit, window: 'ever' };
    this.checker = new CommitChecker(limitOf, this.tally, () => true);
    const store = new MemoryStore((changes) => this.onCommit(changes));
    // One for all workers, because it holds the locks of transactions.
    const table = new FaultyTable(store, this.world);
    const clientOf = (who: PlantedMistake['of']) => (worker: Worker) =>
      planted?.of === who ? planted.sabotage(table.clientFor(worker), store) : table.clientFor(worker);
    const invoke = stitchFunction({ config, clientFor: clientOf('stitch'), parked: [], log: [], world: this.world });
    const mapping = { name: 'stitch', invoke, batchSize: 5, onFailure: () => {} };
    this.reader = new ShardReader(this.shard, { ...mapping, policy: { maxRetries: 1000, bisects: true } }, this.world);
    this.operator = new Operator(config, clientOf('operator'), this.checker, this.world);
    this.operator.at = () => new Date(this.now).toISOString();
    const { ahead = 0 } = planted ?? {};
    this.tend = tendFunction({ config, clientFor: clientOf('tend'), now: () => this.now + ahead, world: this.world });
  }

  get violations(): string[] {
    return [
      ...this.found,
      ...this.checker.violations,
      ...this.told.violations,
      ...rejoined(this.operator, this.checker),
    ];
  }

  /**
   * Events come while windows run out and an operator parts people; then nothing fails, people are parted once more,
   * time goes on, and everybody changes when it is time.
   */
  async play(people: number, events: number): Promise<void> {
    let sending = true;
    const sent = this.send(people, events).then(() => {
      sending = false;
    });
    const minutes = Array.from({ length: 10 }, () => this.aMinute());
    const parts = this.world.chance.happens(0.5) && this.operator.work();
    await this.run(Promise.all([sent, this.reader.drain(() => sending), parts, ...minutes]));
    await this.run(untilQuiet(this.world));
    this.world.rates = noFaults;
    await this.run(this.reader.drain(() => false));
    this.operator.isLate = true;
    await this.run(Promise.all([this.world.chance.happens(0.3) && this.operator.work(), this.aMinute()]));
    this.tally.add('one at the end', this.live().filter(({ merged }) => merged.size > 0).length);
    for (let passed = 0; passed < 80; passed++) await this.calmMinute();
  }

  private run<T>(work: Promise<T>): Promise<T> {
    return this.turns.runUntil(work, maxTurns);
  }

  private async send(people: number, events: number): Promise<void> {
    const { chance, turns } = this.world;
    for (let n = 0; n < events; n++)
      await turns.take('somebody does something', () => {
        this.now += chance.below(120) * 1000;
        this.append(someHappening(n, people, this.now, chance));
        const again = chance.pick([...this.happened.values()]);
        if (chance.happens(0.15)) this.append(again);
      });
  }

  private append(happened: Happened): void {
    const line = lineOf(happened, this.now);
    this.happened.set(markOf(Event.parse(JSON.parse(line))), happened);
    this.shard.append(line);
  }

  /** Each slice with somebody in it starts at least once; a minute may begin before the last one ended. */
  private async aMinute(): Promise<void> {
    const { chance, turns } = this.world;
    for (let wait = chance.below(60); wait > 0; wait--) await turns.take('the minute waits', () => {});
    await Promise.all(
      this.slices().flatMap((slice) => Array.from({ length: 1 + chance.below(2) }, () => this.start(slice))),
    );
  }

  /** Slices of one shard each, so that few looks are for nothing. */
  private slices(): number[] {
    return [...new Set(this.live().map(({ profileId }) => dueShardOf(profileId)))];
  }

  private async start(slice: number): Promise<void> {
    const worker = new Worker(`tend ${slice}`, this.world);
    await Promise.race([this.tend(slice, dueShards, worker), worker.death]).catch(() =>
      this.tally.add('starts that failed'),
    );
  }

  private async calmMinute(): Promise<void> {
    this.now += minute;
    await this.run(Promise.all(this.slices().map((slice) => this.start(slice))));
    for (const profile of this.live()) {
      const { profileId, dueAt = Number.POSITIVE_INFINITY, segments } = profile;
      if (dueAt <= this.now) this.found.push(`${profileId} is due and was not woken`);
      const [found, wanted] = [[...segments.keys()].toSorted(), this.segmentsOf(profile, this.now)].map(String);
      if (found !== wanted) this.found.push(`${profileId} is in ${found}, not in ${wanted}, at ${this.now}`);
    }
  }

  private segmentsOf(profile: Profile, now: number): string[] {
    return segmentsAt(
      [...this.checker.layers.saidTo(profile)].flatMap((mark) => this.happened.get(mark) ?? []),
      now,
    );
  }

  private live(): Profile[] {
    return [...this.checker.profiles.values()].flatMap((item) => (item.kind === 'profile' ? [item.profile] : []));
  }

  private onCommit(changes: readonly Change[]): void {
    const ids = changes.flatMap(({ key }) =>
      key.startsWith('profile#') ? [key.slice('profile#'.length, -' state'.length)] : [],
    );
    const items = () => ids.flatMap((id) => this.checker.profiles.get(id) ?? []);
    const before = items().flatMap((item) => (item.kind === 'profile' ? [item.profile] : []));
    this.checker.onCommit(changes);
    this.told.check(changes, before, items());
    const known = new Set(before.flatMap(({ segments }) => [...segments.keys()]));
    for (const item of items()) if (item.kind === 'profile') this.checkEntries(item.profile, known);
  }

  /** Nobody enters before it is time: by what was said to them, they are members at the time that is stored. */
  private checkEntries(profile: Profile, known: ReadonlySet<string>): void {
    for (const [segment, since] of profile.segments) {
      const at = Date.parse(since);
      if (!known.has(segment) && (at > this.now || !this.segmentsOf(profile, at).includes(segment)))
        this.found.push(`${profile.profileId} entered ${segment} too early, at ${at}`);
    }
  }
}
