import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { freshRegistry, registryTable } from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { OwnerMemory } from '../../../lambdas/adapters/dynamodb/owner-memory.ts';
import type { AggregateRegistry } from '../../../lambdas/core/segments/history/registry.ts';
import type { Worker } from '../running/worker.ts';

/** The part of an instance of a function that outlives an invocation: what it read of the registry and of owners. */
interface Instance {
  worker: Worker;
  readonly registry: () => Promise<AggregateRegistry>;
  readonly owners: OwnerMemory;
}

/** Instances of a function. Each does one invocation at a time, and one that dies is gone. */
export class Instances {
  private readonly idle: Instance[] = [];
  private readonly at = new Map<Worker, Instance>();
  private readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  private readonly now: () => number;

  constructor(clientFor: (worker: Worker) => DynamoDBDocumentClient, now: () => number) {
    this.clientFor = clientFor;
    this.now = now;
  }

  /** The registry as the instance of a worker knows it. */
  registry = (worker: Worker): Promise<AggregateRegistry> => {
    return this.instanceOf(worker).registry();
  };

  /** The owners that the instance of a worker remembers. */
  owners = (worker: Worker): OwnerMemory => this.instanceOf(worker).owners;

  /** Does an invocation. */
  async invoke<Answer>(worker: Worker, work: () => Promise<Answer>): Promise<Answer> {
    const instance = this.idle.pop() ?? this.started(worker);
    instance.worker = worker;
    this.at.set(worker, instance);
    try {
      return await work();
    } finally {
      this.idle.push(instance);
    }
  }

  private instanceOf(worker: Worker): Instance {
    const instance = this.at.get(worker);
    if (instance === undefined) throw new Error('no instance does this work');
    return instance;
  }

  private started(worker: Worker): Instance {
    const read = () => registryTable(this.clientFor(instance.worker), 'profiles', async () => {}).read();
    const instance: Instance = { worker, registry: freshRegistry(read, this.now), owners: new OwnerMemory() };
    return instance;
  }
}
