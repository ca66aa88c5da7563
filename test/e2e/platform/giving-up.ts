import { LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { asOwner } from './deployment.ts';
import { findFunction } from './functions.ts';
import { withoutGrant } from './roles.ts';

const lambda = new LambdaClient(asOwner);

/** Lets a function give up on a batch at the first failure, for want of a right, while something runs. */
export async function whileGivingUp(
  what: 'publish' | 'stitch',
  right: string,
  run: () => Promise<void>,
): Promise<void> {
  const fn = await findFunction(what);
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: fn.name }),
  );
  const tries = (MaximumRetryAttempts: number | undefined) =>
    lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, MaximumRetryAttempts }));
  await tries(0);
  await withoutGrant(fn, right, run).finally(() => tries(mapping?.MaximumRetryAttempts));
}
