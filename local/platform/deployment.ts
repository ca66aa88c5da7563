import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { outputsOf, stackResources } from '../../bin/deployment/stack-resources.ts';
import { runNode } from '../processes/child-process.ts';
import { clientSettings, emulatorEnvironment, region } from './aws.ts';
import { assembly, cdkCli } from './synthesis.ts';

/** Outputs of the deployed stack and of its nested stacks, by name. */
export type StackOutputs = Readonly<Record<string, string>>;

/** Name of the deployed stack. */
export const stackName = 'Cdp';
const account = '000000000000';
const quiet = ['--no-notices', '--ci'];

/**
 * Prepares the emulated account for the CDK with the CDK's bootstrap template. `cwd` has no `cdk.json`, because the CDK
 * would synthesize it first.
 */
export async function bootstrap(emulatorUrl: string, cwd: string, signal: AbortSignal): Promise<void> {
  await runNode([cdkCli, 'bootstrap', `aws://${account}/${region}`, ...quiet], {
    env: emulatorEnvironment(emulatorUrl),
    signal,
    cwd,
  });
}

/** Deploys an unchanged template with `cdk deploy`, and reads the stack's outputs. `app` is the folder of a synthesis. */
export async function deploy(emulatorUrl: string, signal: AbortSignal, app = assembly): Promise<StackOutputs> {
  const args = ['deploy', stackName, '--app', app, '--require-approval', 'never', '--progress', 'events', ...quiet];
  await runNode([cdkCli, ...args], { env: emulatorEnvironment(emulatorUrl), signal });
  return allOutputs(emulatorUrl);
}

/** The outputs of the stack and of its nested stacks. Their names are distinct. */
async function allOutputs(emulatorUrl: string): Promise<StackOutputs> {
  const where = clientSettings(emulatorUrl);
  const client = new CloudFormationClient(where);
  const nested = (await stackResources(where, stackName)).filter(({ type }) => type === 'AWS::CloudFormation::Stack');
  const names = [stackName, ...nested.map(({ physicalId }) => physicalId)];
  const found = await Promise.all(names.map((StackName) => client.send(new DescribeStacksCommand({ StackName }))));
  client.destroy();
  return Object.assign({}, ...found.map(({ Stacks: [stack] = [] }) => outputsOf(stack)));
}
