import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { freshRegistry, registryTable } from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import type { AggregateRegistry } from '../../../lambdas/core/segments/history/registry.ts';
import type { Worker } from '../running/worker.ts';

/** The part of an instance of a function that outlives an invocation: what it has read of the registry. */
interface Instance {
  worker: Worker;
  readonly registry: () => Promise<AggregateRegistry>;
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
    const instance = this.at.get(worker);
    if (instance === undefined) throw new Error('no instance does this work');
    return instance.registry();
  };

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

  private started(worker: Worker): Instance {
    const read = () => registryTable(this.clientFor(instance.worker), 'profiles', async () => {}).read();
    const instance: Instance = { worker, registry: freshRegistry(read, this.now) };
    return instance;
  }
}
