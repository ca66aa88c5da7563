import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { destinationFunctionOutput } from '../../../lambdas/core/contract/outputs.ts';
import type { Hook } from '../../fixtures/catalogue/deployed.ts';
import { asOwner, platform } from '../platform/deployment.ts';
import { killWorkers } from '../platform/worker-process.ts';

const lambda = new LambdaClient(asOwner);
const functionOf = (id: Hook): string => platform.stack[destinationFunctionOutput(id)] ?? '';

/** Ends the processes of a destination's function, which know its secret for a minute. */
export const forgetSecret = (id: Hook): Promise<number> => killWorkers({ name: functionOf(id) });

/** What has Lambda poll a destination's queue. */
export async function mappingOf(id: Hook): Promise<EventSourceMappingConfiguration | undefined> {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: functionOf(id) }),
  );
  return EventSourceMappings[0];
}

/** Does some work while nothing of a destination's queue is delivered. */
export async function whilePaused(id: Hook, work: () => Promise<void>): Promise<void> {
  const mapping = await mappingOf(id);
  const enable = (Enabled: boolean) =>
    lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled }));
  await enable(false);
  await work().finally(() => enable(true));
}
