import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { clientSettings, emulatorEnvironment, region } from './aws.ts';
import { runNode } from './child-process.ts';
import { assembly, cdkCli } from './synthesis.ts';

/** Names of the deployed stack's outputs and what they hold. */
export type StackOutputs = Readonly<Record<string, string>>;

const stackName = 'Cdp';
const account = '000000000000';
const quiet = ['--no-notices', '--ci'];

/** Prepares the emulated account for the CDK, with the bootstrap template every account gets. It runs where no `cdk.json` is, which would make it synthesize first. */
export async function bootstrap(emulatorUrl: string, cwd: string, signal: AbortSignal): Promise<void> {
  await runNode([cdkCli, 'bootstrap', `aws://${account}/${region}`, ...quiet], { env: emulatorEnvironment(emulatorUrl), signal, cwd });
}

/** Deploys the template as it is, by the command that deploys it to AWS, and reads the stack's outputs. */
export async function deploy(emulatorUrl: string, signal: AbortSignal): Promise<StackOutputs> {
  const args = ['deploy', stackName, '--app', assembly, '--require-approval', 'never', '--progress', 'events', ...quiet];
  await runNode([cdkCli, ...args], { env: emulatorEnvironment(emulatorUrl), signal });
  const client = new CloudFormationClient(clientSettings(emulatorUrl));
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
  client.destroy();
  return Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}
