import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { localDirectory } from './local-directory.ts';
import { nestedOutputs, type Outputs, outputsOf } from './stack-resources.ts';

const localOutputs = join(localDirectory, 'outputs.json');

/** The deployment that a command works on. */
export interface Deployment {
  readonly stack: string;
  /** Whether to use the platform that `npm start` runs instead of the AWS account of the caller's credentials. */
  readonly local: boolean;
}

/** How to reach a deployment, and its stack's outputs by name. */
export interface DeployedStack {
  readonly where: object;
  /** Unique id of this deployment: another stack of the same name has another one. */
  readonly id: string;
  readonly outputs: Outputs;
}

/**
 * Finds a deployment's stack.
 * @throws Error when it does not exist
 */
export async function deployedStack({ stack, local }: Deployment): Promise<DeployedStack> {
  const where = reach(local);
  const { Stacks: [found] = [] } = await new CloudFormationClient(where).send(
    new DescribeStacksCommand({ StackName: stack }),
  );
  if (found?.StackId === undefined) throw new Error(`no stack is named ${stack}`);
  return {
    where,
    id: found.StackId,
    outputs: outputsOf(found),
  };
}

/** The value of an output that this version's stack has. @throws Error when an earlier version deployed the stack */
export function requiredOutput({ outputs }: Pick<DeployedStack, 'outputs'>, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}; redeploy it from this version`);
  return value;
}

/** Client settings for the account of the caller's credentials, or for the emulator that `npm start` runs. */
export const reach = (local: boolean): object => (local ? emulator() : {});

/**
 * Finds a deployment and the outputs of one of its destinations.
 * @throws Error when either does not exist
 */
export async function deployedDestination(
  deployment: Deployment,
  id: string,
): Promise<Pick<DeployedStack, 'where' | 'outputs'>> {
  const { where } = await deployedStack(deployment);
  const outputs = await nestedOutputs(where, deployment.stack, `Destination${pascalCase(id)}`);
  if (outputs === undefined) throw new Error(`the stack ${deployment.stack} has no destination "${id}"`);
  return { where, outputs };
}

/**
 * Settings of the emulator that `npm start` runs, and of its only user.
 * @throws Error when it never ran here
 */
function emulator() {
  if (!existsSync(localOutputs))
    throw new Error(`no platform runs on this machine. Start one with npm start, which writes ${localOutputs}`);
  const { emulatorUrl } = JSON.parse(readFileSync(localOutputs, 'utf8')) as { emulatorUrl: string };
  return { endpoint: emulatorUrl, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}
