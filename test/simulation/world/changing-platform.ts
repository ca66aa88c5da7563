import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { registryTable } from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { registryKey } from '../../../lambdas/adapters/dynamodb/keys.ts';
import type { OwnerMemory } from '../../../lambdas/adapters/dynamodb/owner-memory.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { profileIdOf } from '../../../lambdas/core/profile/profile-id.ts';
import { dueShards } from '../../../lambdas/core/segments/due/due-shard.ts';
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
import type { Sabotage } from '../histories/sabotage.ts';
import { Worker, type World } from '../running/worker.ts';
import { ApplyCommand } from './apply-command.ts';
import { registers } from './deployment.ts';
import { FaultyTable } from './faulty-table.ts';
import { Gate } from './gate.ts';
import { Instances } from './instances.ts';
import { Operator } from './operator.ts';
import { stitchFunction } from './stitch-function.ts';
import { tendFunction } from './tend-function.ts';

/** A mistake of one of those who write profiles. */
export interface PlantedMistake {
  readonly of: 'stitch' | 'tend' | 'operator' | 'apply';
  readonly sabotage?: Sabotage;
  /** It notices nothing of the registry: functions count and decide as without one, a command goes on for ever. */
  readonly isBlind?: boolean;
}

/** What a function is made with. */
interface On {
  readonly config: CdpConfig;
  readonly world: World;
  readonly registry: (worker: Worker) => Promise<AggregateRegistry | undefined>;
  readonly owners: (worker: Worker) => OwnerMemory;
}

/** A table with a registry, and whoever writes to it: functions, an operator, deployments and commands. */
export class ChangingPlatform {
  now = Date.UTC(2026, 4, 1, 12);
  readonly checker: ChangingChecker;
  readonly gate = new Gate();
  readonly operator: Operator;
  private config: CdpConfig;
  private made = 0;
  private commands = 0;
  private readonly files = new Map<string, unknown>();
  private readonly store: MemoryStore;
  private readonly table: FaultyTable;
  private readonly world: World;
  private readonly planted: PlantedMistake | undefined;

  constructor(config: CdpConfig, world: World, planted: PlantedMistake | undefined) {
    this.config = config;
    this.world = world;
    this.planted = planted;
    this.checker = new ChangingChecker(config, world.tally, () => this.now);
    this.store = new MemoryStore(this.checker.onCommit);
    this.table = new FaultyTable(this.store, world);
    const first = withPrograms(firstRegistry(aggregatesOf(config)), programsOf(config));
    this.store.put({ Item: { ...registryKey, ...toRegistryItem(first, 1) } });
    this.operator = this.newOperator();
  }

  stitch = () =>
    this.functionOf('stitch', (on) => {
      const newProfileId = (createdAt: string, of: 'users' | 'accounts') => this.newProfileId(createdAt, of);
      return stitchFunction({ ...on, parked: [], log: [], newProfileId, clientFor: this.clientOf('stitch') });
    });

  tend = () =>
    this.functionOf('tend', (on) => {
      const tend = tendFunction({ ...on, clientFor: this.clientOf('tend'), now: () => this.now });
      return (slice: number, worker: Worker) => tend(slice, dueShards, worker);
    });

  /** New functions first, and then what they count and decide with is registered. */
  async deploy(config: CdpConfig): Promise<void> {
    this.config = config;
    this.checker.deploy(config);
    this.world.tally.add('deployments');
    for (let isOver = false; !isOver; ) {
      const worker = new Worker('deployment', this.world);
      const registering = registers(config, worker, this.clientOf('operator'), () => this.now);
      isOver = await Promise.race([registering, worker.death]).catch(() => false);
    }
  }

  /** What a command says of who waits; undefined where it fails. */
  async apply(ofCommands: Partial<World> = {}, again = false): Promise<ReadonlyMap<string, number> | undefined> {
    const worker = new Worker(`apply ${++this.commands}`, { ...this.world, ...ofCommands });
    const { gate, files, world } = this;
    const live = () => this.checker.live().map(({ profileId }) => profileId);
    const on = { clientFor: this.clientOf('apply'), live, files, lines: this.checker.lines, gate, world };
    const isBlind = this.isBlind('apply');
    const command = new ApplyCommand(worker, this.config, { ...on, isBlind, now: () => this.now });
    try {
      const waiting = await gate.within(() => Promise.race([command.run(again), worker.death]));
      world.tally.add('commands done');
      return waiting;
    } catch (error) {
      if (isDefect(error as Error)) throw error;
      world.tally.add(`commands that failed: ${(error as Error).name}`);
      return undefined;
    }
  }

  /** The registry, as somebody reads it. */
  readRegistry = async (): Promise<AggregateRegistry | undefined> =>
    (await this.registryFor(new Worker('somebody reads', this.world)).read())?.registry;

  private registryFor(worker: Worker) {
    const pause = (): Promise<void> => worker.call('waits', () => {});
    return registryTable(this.clientOf('operator')(worker), 'profiles', pause);
  }

  private isBlind = (who: PlantedMistake['of']): boolean => this.planted?.of === who && this.planted.isBlind === true;

  private clientOf =
    (who: PlantedMistake['of']) =>
    (worker: Worker): DynamoDBDocumentClient => {
      const client = this.table.clientFor(worker);
      const sabotage = this.planted?.of === who ? this.planted.sabotage : undefined;
      return sabotage ? sabotage(client, this.store) : client;
    };

  private newProfileId = (createdAt: string, of: 'users' | 'accounts'): string =>
    profileIdOf(of, createdAt, String(++this.made).padStart(20, '0'));

  /** A function whose instances keep what they read of the registry, with the definitions of the last deployment. */
  private functionOf<Args extends [unknown, Worker], Answer>(
    name: 'stitch' | 'tend',
    made: (on: On) => (...args: Args) => Promise<Answer>,
  ): (...args: Args) => Promise<Answer> {
    const instances = new Instances(this.clientOf(name), () => this.now);
    const registry: On['registry'] = async (worker) => (this.isBlind(name) ? undefined : instances.registry(worker));
    return (...args) => {
      const { config, world } = this;
      return instances.invoke(args[1], () => made({ config, world, registry, owners: instances.owners })(...args));
    };
  }

  private newOperator(): Operator {
    const operator = new Operator(this.config, this.clientOf('operator'), this.checker.commits, this.world);
    operator.at = () => new Date(this.now).toISOString();
    operator.newProfileId = () => this.newProfileId(operator.at(), 'users');
    operator.rules = async (worker) => {
      const stored = await this.registryFor(worker).read();
      if (stored === undefined) throw new Error('there is a registry from the beginning');
      mustBeDeployed(stored.registry, this.config);
      return { ...this.config, registry: stored.registry };
    };
    return operator;
  }
}

/** A mistake of the code under test or of a fake, and no answer of a service or a refusal. */
const isDefect = ({ name, message }: Error): boolean =>
  ['TypeError', 'RangeError', 'ReferenceError', 'ZodError', 'UnreadableItem', 'SyntaxError'].includes(name) ||
  (name === 'Error' && !message.includes('has changed the registry'));
