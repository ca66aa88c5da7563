import { DescribeDeliveryStreamCommand, FirehoseClient, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { asOwner } from '../platform/deployment.ts';
import { findFunction, type Purpose } from '../platform/functions.ts';
import { withoutGrant } from '../platform/roles.ts';

const lambda = new LambdaClient(asOwner);

/** Lets a function not run at all while something is done. */
export async function withoutConcurrency<Result>(purpose: Purpose, run: () => Promise<Result>): Promise<Result> {
  return withoutConcurrencyOf((await findFunction(purpose)).name, run);
}

/** As `withoutConcurrency`, for a function by its name. */
export async function withoutConcurrencyOf<Result>(FunctionName: string, run: () => Promise<Result>): Promise<Result> {
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  try {
    return await run();
  } finally {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  }
}

/**
 * Lets a function start without its settings while something is done, so that every call of it fails: those behind HTTP
 * answer whatever they are called with.
 */
export async function withoutSettingsOf<Result>(FunctionName: string, run: () => Promise<Result>): Promise<Result> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const setVariables = (Variables: Record<string, string>) =>
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  await setVariables({});
  try {
    return await run();
  } finally {
    await setVariables(Environment?.Variables ?? {});
  }
}

type Found = Awaited<ReturnType<typeof findFunction>>;
type While = <Result>(found: Found, run: () => Promise<Result>) => Promise<Result>;

/** How a reader of a stream is kept from what it needs. Forward remembers what it read, so it has to start again. */
const failing: Readonly<Record<'stitch' | 'publish' | 'forward', While>> = {
  stitch: (found, run) => withoutGrant(found, 'dynamodb:BatchGetItem', run),
  publish: (found, run) => withoutGrant(found, 'events:PutEvents', run),
  forward: ({ name }, run) => withoutSettingsOf(name, run),
};

/** Lets a function fail, and its mapping give up at once what it fails on, while something is done. */
export async function givingUp<Result>(purpose: keyof typeof failing, run: () => Promise<Result>): Promise<Result> {
  const found = await findFunction(purpose);
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: found.name }),
  );
  const { UUID, MaximumRetryAttempts } = mapping ?? {};
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, MaximumRetryAttempts: 0 }));
  try {
    return await failing[purpose](found, run);
  } finally {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, MaximumRetryAttempts }));
  }
}

/** Lets the mapping of a function be switched off while something is done, as an operator may leave it. */
export async function switchedOff<Result>(purpose: Purpose, run: () => Promise<Result>): Promise<Result> {
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: (await findFunction(purpose)).name }),
  );
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: false }));
  try {
    return await run();
  } finally {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: true }));
  }
}

/** The role by which Firehose reads the event stream. */
export async function rawZoneRole(): Promise<{ readonly roleName: string }> {
  const firehose = new FirehoseClient(asOwner);
  const { DeliveryStreamNames = [] } = await firehose.send(new ListDeliveryStreamsCommand({}));
  const DeliveryStreamName = DeliveryStreamNames.find((name) => name.includes('LakeRaw'));
  const { DeliveryStreamDescription } = await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
  return {
    roleName: DeliveryStreamDescription?.Source?.KinesisStreamSourceDescription?.RoleARN?.split('/').at(-1) ?? '',
  };
}
