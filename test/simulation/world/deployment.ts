import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { registryTable } from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { aggregatesOf, programsOf } from '../../../lambdas/core/segments/history/registry.ts';
import { createHandler } from '../../../lambdas/functions/registry/handler.ts';
import type { Worker } from '../running/worker.ts';

/** The last act of a deployment, after its functions have their new code. Answers whether it succeeded. */
export async function registers(
  config: CdpConfig,
  worker: Worker,
  clientFor: (worker: Worker) => DynamoDBDocumentClient,
  now: () => number,
): Promise<boolean> {
  const pause = (): Promise<void> => worker.call('waits', () => {});
  const statuses: unknown[] = [];
  await createHandler({
    ...registryTable(clientFor(worker), 'profiles', pause),
    ...{ pause, now, info: () => {} },
    isEmpty: async () => false,
    answer: async (_, answer) => void statuses.push((answer as { readonly Status: string }).Status),
  })({
    ...{ RequestType: 'Update', ResponseURL: '', StackId: '', RequestId: '', LogicalResourceId: '' },
    ResourceProperties: {
      ServiceToken: '',
      Aggregates: JSON.stringify(aggregatesOf(config)),
      Programs: JSON.stringify(programsOf(config)),
    },
  } as unknown as CloudFormationCustomResourceEvent);
  return statuses.join() === 'SUCCESS';
}
