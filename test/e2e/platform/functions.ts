import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionConfiguration, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { asOwner } from './deployment.ts';

/** A function of the deployed stack. */
export interface DeployedFunction {
  readonly name: string;
  readonly roleArn: string;
  readonly roleName: string;
  readonly logGroup: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What only one function is told, of all of it, tells the functions apart. */
const tellingSettings = {
  collect: [env.eventStream],
  stitch: [env.identifierKeySecret, env.quarantineStream],
  publish: [env.segmentBus],
  deliver: [env.destinationId],
  profile: [env.accessTokensSecret],
  admin: [env.adminTokensSecret],
} as const;

/** What a function is for. */
export type Purpose = keyof typeof tellingSettings;

const lambda = new LambdaClient(asOwner);
const logs = new CloudWatchLogsClient(asOwner);

/** Finds a function by what it is for, since its name is made up by the deployment. */
export async function findFunction(purpose: Purpose): Promise<DeployedFunction> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const found = Functions.find(({ Environment }) =>
      tellingSettings[purpose].every((setting) => Environment?.Variables?.[setting] !== undefined),
    );
    if (found !== undefined) return described(found);
  }
  throw new Error(`no function is told ${tellingSettings[purpose].join(' and ')}`);
}

/** What a function has logged since a time, milliseconds since 1970. */
export async function logSince({ logGroup }: DeployedFunction, startTime: number): Promise<string> {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: logGroup, startTime }));
  return events.map(({ message = '' }) => message).join('\n');
}

const described = ({
  FunctionName = '',
  Role = '',
  LoggingConfig,
  Environment,
}: FunctionConfiguration): DeployedFunction => ({
  name: FunctionName,
  roleArn: Role,
  roleName: Role.slice(Role.lastIndexOf('/') + 1),
  environment: Environment?.Variables ?? {},
  logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
});
