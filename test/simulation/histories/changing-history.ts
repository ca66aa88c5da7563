import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { dueShardOf } from '../../../lambdas/core/segments/due/due-shard.ts';
import { foundings, type Happened, lineOf, someDefinitions, someHappening } from '../people/changing.ts';
import type { Chance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import type { SeededTurns } from '../running/turns.ts';
import { type FaultRates, noFaults, untilQuiet, Worker, type World } from '../running/worker.ts';
import { ChangingPlatform, type PlantedMistake } from '../world/changing-platform.ts';
import { Shard } from '../world/stream.ts';
import { ShardReader } from '../world/stream-mapping.ts';

const minute = 60_000;
const maxTurns = 400_000;

/** What a history is played with. */
export interface Playing {
  readonly turns: SeededTurns;
  readonly chance: Chance;
  readonly rates: FaultRates;
  readonly planted?: PlantedMistake | undefined;
  /** What chance and faults are for the commands, if they are others. */
  readonly ofCommands?: Pick<World, 'chance' | 'rates'> | undefined;
}

/**
 * Definitions that deployments change while people and their accounts do things: stitch, tend, an operator and the
 * command that brings histories write at once, and each may die at any call. Each entry and exit is told once, is true
 * of all events since the first, and waits for its history.
 */
export class ChangingHistory {
  readonly tally = new Tally();
  private readonly world: World;
  private readonly turns: SeededTurns;
  private readonly sent: Happened[] = [];
  private readonly shard = new Shard<string>('events');
  private readonly platform: ChangingPlatform;
  private readonly reader: ShardReader<string>;
  private readonly tend: (slice: number, worker: Worker) => Promise<unknown>;
  private ofCommands: Playing['ofCommands'];

  constructor({ turns, chance, rates, planted, ofCommands }: Playing) {
    this.turns = turns;
    this.ofCommands = ofCommands;
    this.world = { turns, chance, tally: this.tally, underway: new Set(), rates };
    this.platform = new ChangingPlatform(someDefinitions(chance), this.world, planted);
    const mapping = { name: 'stitch', invoke: this.platform.stitch(), batchSize: 5, onFailure: () => {} };
    this.reader = new ShardReader(this.shard, { ...mapping, policy: { maxRetries: 1000, bisects: true } }, this.world);
    this.tend = this.platform.tend();
  }

  get violations(): string[] {
    return this.platform.checker.violations;
  }

  /** Deployments change definitions, and commands bring histories, while much fails; then nothing does. */
  async play(people: number, events: number): Promise<void> {
    const { chance } = this.world;
    for (const founding of foundings(this.platform.now)) this.append(founding);
    await this.round(people, events);
    for (let deployed = 0; deployed < 2; deployed++) {
      await this.round(people, events, this.deploy());
      await this.pass(6);
      await this.round(people, events);
      await this.pass(25);
      const commands = Array.from({ length: 1 + chance.below(2) }, () => this.apply());
      await this.round(people, events, chance.happens(0.3) && this.deploy());
      await this.pass(chance.pick([1, 6, 25]));
      await this.round(people, events, chance.happens(0.5) && this.apply());
      await this.run(Promise.all(commands));
      await this.pass(25);
    }
    await this.calmEnd(people);
  }

  private async calmEnd(people: number): Promise<void> {
    this.world.rates = noFaults;
    this.ofCommands = undefined;
    await this.round(people, 0, this.apply());
    await this.pass(25);
    const waiting = await this.run(this.apply());
    if (waiting === undefined) throw new Error('a command fails although nothing does');
    if (waiting.size > 0) await this.run(this.apply(true));
    const { checker } = this.platform;
    const { writes } = checker;
    await this.run(this.apply());
    if (checker.writes > writes) checker.violations.push('a command that is run again writes something');
    for (let passed = 0; passed < 8; passed++) {
      this.platform.now += 45 * minute;
      await this.settle();
      checker.checkAll(await this.run(this.platform.readRegistry()));
    }
  }

  /** Things happen, the operator looks, minutes begin; what was sent is stitched at the end. */
  private async round(people: number, events: number, also: Promise<unknown> | false = false): Promise<void> {
    const { chance } = this.world;
    let sending = true;
    const sent = this.send(people, events).then(() => {
      sending = false;
    });
    const minutes = Array.from({ length: 2 }, () => this.aMinute());
    const parts = chance.happens(0.3) && this.platform.operator.work();
    await this.run(Promise.all([sent, this.reader.drain(() => sending), parts, also, ...minutes]));
  }

  /** Time goes by while nobody is in the midst of anything. */
  private async pass(minutes: number): Promise<void> {
    const { gate } = this.platform;
    await this.run(gate.close());
    await this.run(untilQuiet(this.world));
    this.platform.now += minutes * minute;
    gate.open();
  }

  private run<T>(work: Promise<T>): Promise<T> {
    return this.turns.runUntil(work, maxTurns);
  }

  private async send(people: number, events: number): Promise<void> {
    const { chance, turns } = this.world;
    const again: Happened[] = [];
    for (let n = 0; n < events; n++)
      await turns.take('somebody does something', () => {
        this.platform.now += chance.below(3) * 1000;
        again.push(this.append(someHappening(this.sent.length, people, this.platform.now, chance)));
        if (chance.happens(0.15)) this.append(chance.pick(again));
      });
  }

  private append(happened: Happened): Happened {
    if (!this.sent.includes(happened)) this.sent.push(happened);
    const line = lineOf(happened, this.platform.now);
    this.platform.checker.hear(happened, line);
    this.shard.append(line);
    return happened;
  }

  private async deploy(): Promise<void> {
    await this.wait('the deployment waits');
    await this.platform.deploy(someDefinitions(this.world.chance));
  }

  private apply = (again = false) => this.platform.apply(this.ofCommands, again);

  private async wait(label: string): Promise<void> {
    for (let wait = this.world.chance.below(40); wait > 0; wait--) await this.turns.take(label, () => {});
  }

  private async aMinute(): Promise<void> {
    await this.wait('the minute waits');
    await Promise.all(this.slices().map((slice) => this.start(slice)));
  }

  private live = (): Profile[] => this.platform.checker.live();

  /** Slices of one shard each, so that few looks are for nothing. */
  private slices = (): number[] => [...new Set(this.live().map(({ profileId }) => dueShardOf(profileId)))];

  private async start(slice: number): Promise<void> {
    const worker = new Worker(`tend ${slice}`, this.world);
    await Promise.race([this.tend(slice, worker), worker.death]).catch(() => this.tally.add('starts that failed'));
  }

  /** Everybody who is due is woken, also those whom that makes due. */
  private async settle(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      await this.run(Promise.all(this.slices().map((slice) => this.start(slice))));
      this.platform.now += 1000;
      if (this.live().every(({ dueAt = Number.POSITIVE_INFINITY }) => dueAt > this.platform.now)) return;
    }
    this.platform.checker.violations.push('somebody stays due');
  }
}
