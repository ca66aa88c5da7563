import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { registryTable } from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { registryKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { profileIdOf } from '../../../lambdas/core/profile/profile-id.ts';
import { dueShardOf, dueShards } from '../../../lambdas/core/segments/due/due-shard.ts';
import {
  type AggregateRegistry,
  aggregatesOf,
  firstRegistry,
  programsOf,
  toRegistryItem,
  withPrograms,
} from '../../../lambdas/core/segments/history/registry.ts';
import { mustBeDeployed } from '../../../lambdas/operations/histories/request.ts';
import { MemoryStore } from '../../fakes/memory-store.ts';
import { ChangingChecker } from '../checkers/changing-checker.ts';
import { foundings, type Happened, lineOf, someDefinitions, someHappening } from '../people/changing.ts';
import type { Chance } from '../running/chance.ts';
import { Tally } from '../running/tally.ts';
import type { SeededTurns } from '../running/turns.ts';
import { type FaultRates, noFaults, untilQuiet, Worker, type World } from '../running/worker.ts';
import { ApplyCommand } from '../world/apply-command.ts';
import { registers } from '../world/deployment.ts';
import { FaultyTable } from '../world/faulty-table.ts';
import { Gate } from '../world/gate.ts';
import { Instances } from '../world/instances.ts';
import { Operator } from '../world/operator.ts';
import { stitchFunction } from '../world/stitch-function.ts';
import { Shard } from '../world/stream.ts';
import { ShardReader } from '../world/stream-mapping.ts';
import { tendFunction } from '../world/tend-function.ts';
import type { Sabotage } from './sabotage.ts';

const minute = 60_000;
const maxTurns = 400_000;

/** A mistake of one of those who write profiles. */
export interface PlantedMistake {
  readonly of: 'stitch' | 'tend' | 'operator' | 'apply';
  readonly sabotage?: Sabotage;
  /** It notices nothing of the registry: functions count and decide as without one, a command goes on for ever. */
  readonly isBlind?: boolean;
}

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
  private now = Date.UTC(2026, 4, 1, 12);
  private config: CdpConfig;
  private made = 0;
  private commands = 0;
  private readonly planted: PlantedMistake | undefined;
  private ofCommands: Playing['ofCommands'];
  private readonly world: World;
  private readonly turns: SeededTurns;
  private readonly sent: Happened[] = [];
  private readonly shard = new Shard<string>('events');
  private readonly store: MemoryStore;
  private readonly checker: ChangingChecker;
  private readonly reader: ShardReader<string>;
  private readonly operator: Operator;
  private readonly gate = new Gate();
  private readonly files = new Map<string, unknown>();
  private readonly tend: (slice: number, worker: Worker) => Promise<unknown>;
  private readonly clientOf: (who: PlantedMistake['of']) => (worker: Worker) => DynamoDBDocumentClient;

  constructor({ turns, chance, rates, planted, ofCommands }: Playing) {
    this.ofCommands = ofCommands;
    this.turns = turns;
    this.planted = planted;
    this.world = { turns, chance, tally: this.tally, underway: new Set(), rates };
    this.config = someDefinitions(chance);
    this.checker = new ChangingChecker(this.config, this.tally, () => this.now);
    this.store = new MemoryStore(this.checker.onCommit);
    const table = new FaultyTable(this.store, this.world);
    this.clientOf = (who) => (worker) =>
      planted?.of === who && planted.sabotage
        ? planted.sabotage(table.clientFor(worker), this.store)
        : table.clientFor(worker);
    const newProfileId = (createdAt: string, of: 'users' | 'accounts') =>
      profileIdOf(of, createdAt, String(++this.made).padStart(20, '0'));
    const invoke = this.functionOf('stitch', (on) =>
      stitchFunction({ ...on, parked: [], log: [], newProfileId, clientFor: this.clientOf('stitch') }),
    );
    const mapping = { name: 'stitch', invoke, batchSize: 5, onFailure: () => {} };
    this.reader = new ShardReader(this.shard, { ...mapping, policy: { maxRetries: 1000, bisects: true } }, this.world);
    const tend = this.functionOf('tend', (on) => {
      const run = tendFunction({ ...on, clientFor: this.clientOf('tend'), now: () => this.now });
      return (slice: number, worker: Worker) => run(slice, dueShards, worker);
    });
    this.tend = tend;
    this.operator = this.operatorOn(this.config);
  }

  get violations(): string[] {
    return this.checker.violations;
  }

  /** Deployments change definitions, and commands bring histories, while much fails; then nothing does. */
  async play(people: number, events: number): Promise<void> {
    const first = withPrograms(firstRegistry(aggregatesOf(this.config)), programsOf(this.config));
    this.store.put({ Item: { ...registryKey, ...toRegistryItem(first, 1) } });
    for (const founding of foundings(this.now)) this.append(founding);
    const { chance } = this.world;
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
    const { writes } = this.checker;
    await this.run(this.apply());
    if (this.checker.writes > writes) this.checker.violations.push('a command that is run again writes something');
    for (let passed = 0; passed < 8; passed++) {
      this.now += 45 * minute;
      await this.settle();
      this.checker.checkAll(await this.registry());
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
    const parts = chance.happens(0.3) && this.operator.work();
    await this.run(Promise.all([sent, this.reader.drain(() => sending), parts, also, ...minutes]));
  }

  /** Time goes by while nobody is in the midst of anything. */
  private async pass(minutes: number): Promise<void> {
    await this.run(this.gate.close());
    await this.run(untilQuiet(this.world));
    this.now += minutes * minute;
    this.gate.open();
  }

  private isBlind = (who: PlantedMistake['of']): boolean => this.planted?.of === who && this.planted.isBlind === true;

  private run<T>(work: Promise<T>): Promise<T> {
    return this.turns.runUntil(work, maxTurns);
  }

  private async send(people: number, events: number): Promise<void> {
    const { chance, turns } = this.world;
    const again: Happened[] = [];
    for (let n = 0; n < events; n++)
      await turns.take('somebody does something', () => {
        this.now += chance.below(3) * 1000;
        again.push(this.append(someHappening(this.sent.length, people, this.now, chance)));
        if (chance.happens(0.15)) this.append(chance.pick(again));
      });
  }

  private append(happened: Happened): Happened {
    if (!this.sent.includes(happened)) this.sent.push(happened);
    const line = lineOf(happened, this.now);
    this.checker.hear(happened, line);
    this.shard.append(line);
    return happened;
  }

  /** New functions first, and then what they count and decide with is registered. */
  private async deploy(): Promise<void> {
    const { turns, chance } = this.world;
    for (let wait = chance.below(40); wait > 0; wait--) await turns.take('the deployment waits', () => {});
    this.config = someDefinitions(chance);
    this.checker.deploy(this.config);
    this.tally.add('deployments');
    for (let isOver = false; !isOver; ) {
      const worker = new Worker('deployment', this.world);
      const registering = registers(this.config, worker, this.clientOf('operator'), () => this.now);
      isOver = await Promise.race([registering, worker.death]).catch(() => false);
    }
  }

  /** What it says of who waits; undefined where it fails. */
  private async apply(again = false): Promise<ReadonlyMap<string, number> | undefined> {
    const worker = new Worker(`apply ${++this.commands}`, { ...this.world, ...this.ofCommands });
    const live = () => this.checker.live().map(({ profileId }) => profileId);
    const { gate, files, world } = this;
    const on = { clientFor: this.clientOf('apply'), live, files, lines: this.checker.lines, gate, world };
    const isBlind = this.isBlind('apply');
    const command = new ApplyCommand(worker, this.config, { ...on, isBlind, now: () => this.now });
    try {
      const waiting = await gate.within(() => Promise.race([command.run(again), worker.death]));
      this.tally.add('commands done');
      return waiting;
    } catch (error) {
      this.tally.add(`commands that failed: ${(error as Error).name}`);
      if (/people, but its files|is not known/.test((error as Error).message)) throw error;
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      return undefined;
    }
  }

  private async registry() {
    return (await this.run(registryTable(this.clientOf('operator')(this.reading()), 'profiles', async () => {}).read()))
      ?.registry;
  }

  private reading = (): Worker => new Worker('somebody reads', this.world);

  private async aMinute(): Promise<void> {
    const { chance, turns } = this.world;
    for (let wait = chance.below(40); wait > 0; wait--) await turns.take('the minute waits', () => {});
    await Promise.all(this.slices().map((slice) => this.start(slice)));
  }

  /** Slices of one shard each, so that few looks are for nothing. */
  private slices(): number[] {
    return [...new Set(this.checker.live().map(({ profileId }) => dueShardOf(profileId)))];
  }

  private async start(slice: number): Promise<void> {
    const worker = new Worker(`tend ${slice}`, this.world);
    await Promise.race([this.tend(slice, worker), worker.death]).catch(() => this.tally.add('starts that failed'));
  }

  /** Everybody who is due is woken, also those whom that makes due. */
  private async settle(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      await this.run(Promise.all(this.slices().map((slice) => this.start(slice))));
      this.now += 1000;
      if (this.checker.live().every(({ dueAt = Number.POSITIVE_INFINITY }) => dueAt > this.now)) return;
    }
    this.checker.violations.push('somebody stays due');
  }

  /** A function whose instances keep what they read of the registry, with the definitions of the last deployment. */
  private functionOf<Args extends [unknown, Worker], Answer>(
    name: 'stitch' | 'tend',
    made: (on: {
      readonly config: CdpConfig;
      readonly world: World;
      readonly registry: (worker: Worker) => Promise<AggregateRegistry | undefined>;
    }) => (...args: Args) => Promise<Answer>,
  ): (...args: Args) => Promise<Answer> {
    const instances = new Instances(this.clientOf(name), () => this.now);
    const deployed = () => this.config;
    const on = {
      get config() {
        return deployed();
      },
      world: this.world,
      registry: async (worker: Worker) => (this.isBlind(name) ? undefined : instances.registry(worker)),
    };
    return (...args) => instances.invoke(args[1], () => made(on)(...args));
  }

  private operatorOn(config: CdpConfig): Operator {
    const operator = new Operator(config, this.clientOf('operator'), this.checker.commits, this.world);
    operator.at = () => new Date(this.now).toISOString();
    operator.newProfileId = () => profileIdOf('users', operator.at(), String(++this.made).padStart(20, '0'));
    operator.rules = async (worker) => {
      const pause = (): Promise<void> => worker.call('waits', () => {});
      const stored = await registryTable(this.clientOf('operator')(worker), 'profiles', pause).read();
      if (stored === undefined) throw new Error('there is a registry from the beginning');
      mustBeDeployed(stored.registry, this.config);
      return { ...this.config, registry: stored.registry };
    };
    return operator;
  }
}
