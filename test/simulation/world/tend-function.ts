import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dueProfiles } from '../../../lambdas/adapters/dynamodb/due-index.ts';
import { memberTable } from '../../../lambdas/adapters/dynamodb/members.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { AggregateRegistry } from '../../../lambdas/core/segments/history/registry.ts';
import { createHandler } from '../../../lambdas/functions/tend/handler.ts';
import type { Worker, World } from '../running/worker.ts';
import { clearKey } from './stitch-function.ts';

interface TendSurroundings {
  readonly config: CdpConfig;
  readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  readonly now: () => number;
  readonly world: World;
  /** Since when aggregates count; without it, all do since the first event. */
  readonly registry?: (worker: Worker) => Promise<AggregateRegistry | undefined>;
}

/** The tend function as `lambdas/functions/tend/index.ts` wires it, over fakes. */
export const tendFunction =
  (surroundings: TendSurroundings) =>
  (slice: number, slices: number, worker: Worker): Promise<unknown> => {
    const { config, clientFor, now, world, registry } = surroundings;
    const client = clientFor(worker);
    const pause = (): Promise<void> => worker.call('waits', () => {});
    const { write, readAccounts } = profileTable(client, 'profiles', clearKey, pause);
    return createHandler({
      ...dueProfiles(client, 'profiles', pause),
      config,
      registry: async () => registry?.(worker),
      write,
      readAccounts,
      members: memberTable(client, 'profiles', clearKey, pause),
      pause,
      sleep: pause,
      now,
      tell: ({ woken = 0, failed = 0 }) => {
        world.tally.add('woken', woken);
        world.tally.add('failed wakes', failed);
      },
      warn: () => {},
    })({ slice, slices, wakesPerSecond: 1_000_000 });
  };
