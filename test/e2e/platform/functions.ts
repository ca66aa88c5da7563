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

/** Settings tell functions apart: what only one function is told, or what only one is told without more. */
const tellingSettings = {
  collect: [env.eventStream, env.quarantineStream],
  stitch: [env.profileTable, env.quarantineStream],
  publish: [env.segmentBus],
  tend: [env.polledQueues],
  forward: [env.queueParameters],
  import: [env.importQueue],
  deliver: [env.destinationId],
  requests: [env.profileTable, env.identifierKeySecret, env.lakeBucket],
  profile: [env.accessTokensSecret],
  admin: [env.adminTokensSecret],
} as const;

const settingsOf = ({ Environment }: FunctionConfiguration): string[] => Object.keys(Environment?.Variables ?? {});

/** What a function is for. */
export type Purpose = keyof typeof tellingSettings;

const lambda = new LambdaClient(asOwner);
const logs = new CloudWatchLogsClient(asOwner);

/** Of the destinations, the one whose receiver tests have. */
const destination = 'crm';

/** Finds a function by what it is for, since its name is made up by the deployment. */
export async function findFunction(purpose: Purpose): Promise<DeployedFunction> {
  const told: FunctionConfiguration[] = [];
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}))
    told.push(
      ...Functions.filter((fn) => tellingSettings[purpose].every((setting) => settingsOf(fn).includes(setting))),
    );
  const ours = told.filter(
    ({ Environment }) => (Environment?.Variables?.[env.destinationId] ?? destination) === destination,
  );
  const [found] = ours.toSorted((a, b) => settingsOf(a).length - settingsOf(b).length);
  if (found !== undefined) return described(found);
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
