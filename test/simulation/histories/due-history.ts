import { unpackItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { dueShardOf, dueShards } from '../../../lambdas/core/segments/due/due-shard.ts';
import { did } from '../../../lambdas/core/segments/language/events.ts';
import { parseProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import type { Item } from '../../fakes/condition-expression.ts';
import { type Change, MemoryStore } from '../../fakes/memory-store.ts';
import type { Chance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import type { SeededTurns } from '../running/turns.ts';
import { type FaultRates, noFaults, untilQuiet, Worker, type World } from '../running/worker.ts';
import { FaultyTable } from '../world/faulty-table.ts';
import { stitchFunction } from '../world/stitch-function.ts';
import { Shard } from '../world/stream.ts';
import { ShardReader } from '../world/stream-mapping.ts';
import { tendFunction } from '../world/tend-function.ts';

const minute = 60_000;
const config = parseConfig({
  sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }],
  segments: [
    { key: 'recent', name: 'Viewed lately', where: did('Viewed').within('10m') },
    { key: 'cart', name: 'Left a cart', where: did('Added').thenNot('Bought').within('1h') },
  ],
});
const names = ['Viewed', 'Added', 'Bought'] as const;

/** An event of somebody, in milliseconds since 1970. */
interface Happened {
  readonly who: string;
  readonly event: (typeof names)[number];
  readonly at: number;
}

/** What tells the table from outside. */
export type Meddle = (store: MemoryStore) => MemoryStore;

/** People with windows, whom stitch and tend write at once, and who say when a segment is entered or exited. */
export class DueHistory {
  readonly violations: string[] = [];
  readonly tally = new Tally();
  private now = Date.UTC(2026, 4, 1, 12);
  private readonly world: World;
  private readonly turns: SeededTurns;
  private readonly happened: Happened[] = [];
  private readonly members = new Map<string, boolean>();
  private readonly shard = new Shard<string>('events');
  private readonly store: MemoryStore;
  private readonly reader: ShardReader<string>;
  private readonly tend: (slice: number, slices: number, worker: Worker) => Promise<unknown>;

  constructor(turns: SeededTurns, chance: Chance, rates: FaultRates, meddle?: Meddle) {
    this.turns = turns;
    this.world = { turns, chance, tally: this.tally, underway: new Set(), rates };
    this.store = new MemoryStore((changes) => this.onCommit(changes));
    // One for all workers, because it holds the locks of transactions.
    const table = new FaultyTable(this.store, this.world);
    const clientFor = (worker: Worker) => table.clientFor(worker);
    const invoke = stitchFunction({ config, clientFor, parked: [], log: [], world: this.world });
    const mapping = { name: 'stitch', invoke, batchSize: 5, onFailure: () => {} };
    this.reader = new ShardReader(this.shard, { ...mapping, policy: { maxRetries: 1000, bisects: true } }, this.world);
    const meddled = meddle ? new FaultyTable(meddle(this.store), this.world) : table;
    this.tend = tendFunction({
      config,
      clientFor: (worker) => meddled.clientFor(worker),
      now: () => this.now,
      world: this.world,
    });
  }

  /** Events come while windows run out; then nothing fails, time goes on, and everybody changes when it is time. */
  async play(people: number, events: number): Promise<void> {
    let sending = true;
    const sent = this.send(people, events).then(() => {
      sending = false;
    });
    const minutes = Array.from({ length: 10 }, () => this.aMinute());
    await this.turns.runUntil(Promise.all([sent, this.reader.drain(() => sending), ...minutes]), 200_000);
    await this.turns.runUntil(untilQuiet(this.world), 200_000);
    this.world.rates = noFaults;
    await this.turns.runUntil(
      this.reader.drain(() => false),
      200_000,
    );
    for (let passed = 0; passed < 80; passed++) await this.calmMinute();
  }

  private async send(people: number, events: number): Promise<void> {
    const { chance, turns } = this.world;
    for (let n = 0; n < events; n++) {
      await turns.take('somebody does something', () => {
        this.now += chance.below(120) * 1000;
        const happened = { who: `user-${chance.below(people)}`, event: chance.pick(names), at: this.now };
        this.happened.push(happened);
        this.shard.append(lineOf(happened, n));
      });
    }
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
    return [...new Set(this.live().map(({ profile }) => dueShardOf(profile.profileId)))];
  }

  private async start(slice: number): Promise<void> {
    const worker = new Worker(`tend ${slice}`, this.world);
    await Promise.race([this.tend(slice, dueShards, worker), worker.death]).catch(() =>
      this.tally.add('starts that failed'),
    );
  }

  private async calmMinute(): Promise<void> {
    this.now += minute;
    await this.turns.runUntil(Promise.all(this.slices().map((slice) => this.start(slice))), 200_000);
    for (const { profile } of this.live()) {
      const { dueAt = Number.POSITIVE_INFINITY, segments, identifiers } = profile;
      const who = [...identifiers.keys()][0]?.slice('user_id:'.length) ?? '';
      if (dueAt <= this.now) this.violations.push(`${who} is due and was not woken`);
      const found = [...segments.keys()].toSorted().join();
      const wanted = this.segmentsOf(who).join();
      if (found !== wanted) this.violations.push(`${who} is in ${found}, not in ${wanted}, at ${this.now}`);
    }
  }

  /** From the list of events alone. */
  private segmentsOf(who: string): string[] {
    const of = (event: string) => this.happened.filter((one) => one.who === who && one.event === event);
    const isRecent = of('Viewed').some(({ at }) => at > this.now - 10 * minute);
    const added = Math.max(...of('Added').map(({ at }) => at));
    const isLeft = this.now - added >= 60 * minute && !of('Bought').some(({ at }) => at >= added);
    return [...(isLeft && Number.isFinite(added) ? ['cart'] : []), ...(isRecent ? ['recent'] : [])];
  }

  private live() {
    return [...this.store.items.values()].flatMap((item) => {
      if (item.kind !== 'profile') return [];
      const read = parseProfileItem(unpackItem(item));
      return read.kind === 'profile' ? [read] : [];
    });
  }

  /** Every entry and exit is told once: nobody enters twice without an exit between. */
  private onCommit(changes: readonly Change[]): void {
    for (const { after } of changes)
      for (const { segment, change } of changesIn(after)) {
        const [key, enters] = [`${after?.profileId} ${segment}`, change === 'entered'];
        this.tally.add(`told: ${change} ${segment}`);
        if ((this.members.get(key) ?? false) === enters) this.violations.push(`${key} ${change} twice`);
        this.members.set(key, enters);
      }
  }
}

const changesIn = (item: Item | undefined): readonly { segment: string; change: string }[] =>
  item?.changes === undefined ? [] : JSON.parse(String(item.changes));

const lineOf = ({ who, event, at }: Happened, n: number): string => {
  const timestamp = new Date(at).toISOString();
  const stamps = { timestamp, receivedAt: timestamp, originalTimestamp: timestamp, sourceId: 'shop' };
  return JSON.stringify({ type: 'track', event, userId: who, messageId: `m-${n}`, ...stamps });
};
