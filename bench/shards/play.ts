import { type Random, seededRandom } from '../../local/demo/shop/random.ts';
import { AccountItem } from './account-item.ts';
import { batchSeconds } from './batch-seconds.ts';
import { Clients } from './clients.ts';
import { fractionOf } from './fraction.ts';
import type { Lane } from './lane.ts';
import { ProfileTable } from './profile-table.ts';
import type { Played, Scenario } from './scenario.ts';
import { sendersOf } from './senders.ts';
import { evenShards, type Shard, shardOf, splitAll } from './shard.ts';

const ticksPerSecond = 10;

/** Plays a scenario in steps of a tenth of a second. The same seed gives the same. */
export function play(scenario: Scenario, seed: number): Played {
  const game = new Game(scenario, seededRandom(seed));
  for (let tick = 0; tick < scenario.seconds * ticksPerSecond; tick++) game.step(tick / ticksPerSecond);
  return game.result();
}

class Game {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #clients: Clients;
  readonly #table: ProfileTable;
  readonly #account: AccountItem;
  readonly #all: Shard[];
  #current: Shard[];
  #stitched = 0;
  #behindMost = 0;
  #batchesAgain = 0;
  #throttled = 0;
  #worked = 0;

  constructor(scenario: Scenario, random: Random) {
    this.#scenario = scenario;
    this.#random = random;
    this.#clients = new Clients(scenario, sendersOf(scenario, random), random);
    this.#table = new ProfileTable(scenario.partitions);
    this.#account = new AccountItem(random);
    this.#current = evenShards(scenario.shards, this.#readers());
    this.#all = [...this.#current];
  }

  step(at: number): void {
    if (this.#scenario.splitAt === at) this.#split();
    this.#clients.send(at, 1 / ticksPerSecond, (record) =>
      shardOf(this.#current, record.position).put(record, this.#recordBytes, at),
    );
    this.#account.playUntil(at);
    for (const shard of this.#all) if (shard.isOpen) for (const lane of shard.lanes) this.#read(shard, lane, at);
    this.#behindMost = Math.max(this.#behindMost, this.#behind(at));
  }

  result(): Played {
    const { name, seconds, eventsPerRecord } = this.#scenario;
    const onStream = this.#all.flatMap(({ lanes }) => lanes).reduce((sum, { waiting }) => sum + waiting, 0);
    return {
      name,
      requests: this.#clients.sent,
      sent: this.#clients.sent * eventsPerRecord,
      taken: this.#clients.taken * eventsPerRecord,
      withClients: this.#clients.waiting * eventsPerRecord,
      stitched: this.#stitched * eventsPerRecord,
      onStream: onStream * eventsPerRecord,
      sentAgain: this.#clients.sentAgain,
      behindMost: this.#behindMost,
      behindAtEnd: this.#behind(seconds),
      batchesAgain: this.#batchesAgain,
      throttled: this.#throttled / Math.max(this.#worked, 1),
      use: this.#use(seconds),
    };
  }

  get #recordBytes(): number {
    return this.#scenario.eventBytes * this.#scenario.eventsPerRecord;
  }

  #readers() {
    const { factor, gatherSeconds } = this.#scenario;
    const begin = () => fractionOf(this.#random) * gatherSeconds;
    return { factor, otherReaders: 1, begin };
  }

  #split(): void {
    this.#current = splitAll(this.#current, this.#readers());
    this.#all.push(...this.#current);
  }

  #read(shard: Shard, lane: Lane, at: number): void {
    this.#stitched += lane.settle(at);
    const { gatherSeconds, ofOneAccount } = this.#scenario;
    const records = lane.next({ recordBytes: this.#recordBytes, gatherSeconds }, at);
    if (records.length === 0) return;
    const reading = shard.bytesOut.take(records.length * this.#recordBytes, at);
    const work = { table: this.#table, random: this.#random, at };
    const { seconds, throttled } = batchSeconds(records, this.#scenario, work);
    this.#throttled += throttled;
    this.#worked += seconds;
    const until = at + reading + seconds;
    this.#hold(lane, at, until);
    if (records.some(() => ofOneAccount > 0 && this.#random.chance(ofOneAccount))) this.#writeAccount(lane, until);
  }

  #hold(lane: Lane, from: number, until: number): void {
    lane.busyUntil = until;
    lane.busySeconds += Math.max(0, Math.min(until, this.#scenario.seconds) - from);
  }

  /** The batch ends when its account is written, or comes again as a whole. */
  #writeAccount(lane: Lane, from: number): void {
    lane.busyUntil = Number.POSITIVE_INFINITY;
    this.#account.write(from, (at, written) => {
      this.#hold(lane, from, at);
      if (written) return;
      lane.giveBack();
      this.#batchesAgain += 1;
    });
  }

  #behind(at: number): number {
    const waiting = this.#all.flatMap(({ lanes }) => lanes.flatMap(({ oldest }) => oldest ?? []));
    return waiting.length === 0 ? 0 : at - waiting.reduce((first, one) => Math.min(first, one));
  }

  #use(seconds: number): Played['use'] {
    const most = (of: (shard: Shard) => number) => Math.max(...this.#current.map(of));
    const busy = this.#all.flatMap(({ lanes }) => lanes.map(({ busySeconds }) => busySeconds));
    return {
      in: most(({ bytesIn, recordsIn }) => Math.max(bytesIn.useUntil(seconds), recordsIn.useUntil(seconds))),
      out: most(({ bytesOut }) => bytesOut.useUntil(seconds)),
      lanes: Math.max(...busy) / seconds,
      table: this.#table.useUntil(seconds),
    };
  }
}
