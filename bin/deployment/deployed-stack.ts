import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';
import { localDirectory } from './local-directory.ts';
import { nestedOutputs, type Outputs, outputsOf } from './stack-resources.ts';

const localOutputs = join(localDirectory, 'outputs.json');

/** Which deployment a command is about. */
export interface Deployment {
  readonly stack: string;
  /** The one that `npm start` runs, instead of the AWS account of the caller's credentials. */
  readonly local: boolean;
}

/** How an AWS client reaches a deployment, and what its stack says of itself by output name. */
export interface DeployedStack {
  readonly where: object;
  /** Of this one deployment: a stack that is made anew, or elsewhere, has another. */
  readonly id: string;
  readonly outputs: Outputs;
}

/** Asks CloudFormation for a deployment's stack. @throws when there is none */
export async function deployedStack({ stack, local }: Deployment): Promise<DeployedStack> {
  const where = reach(local);
  const { Stacks: [found] = [] } = await new CloudFormationClient(where).send(
    new DescribeStacksCommand({ StackName: stack }),
  );
  if (found?.StackId === undefined) throw new Error(`there is no stack ${stack}`);
  return {
    where,
    id: found.StackId,
    outputs: outputsOf(found),
  };
}

/** How an AWS client reaches the account of the caller's credentials, or the emulator that `npm start` runs. */
export const reach = (local: boolean): object => (local ? emulator() : {});

/** Finds a deployment and what one of its destinations says of itself. @throws when there is none of them */
export async function deployedDestination(
  deployment: Deployment,
  id: string,
): Promise<Pick<DeployedStack, 'where' | 'outputs'>> {
  const { where } = await deployedStack(deployment);
  const outputs = await nestedOutputs(where, deployment.stack, `Destination${pascalCase(id)}`);
  if (outputs === undefined) throw new Error(`the stack ${deployment.stack} has no destination "${id}"`);
  return { where, outputs };
}

/** The emulator of `npm start` and its only user. @throws Error when it was never started here */
function emulator() {
  if (!existsSync(localOutputs))
    throw new Error(`no platform runs on this machine: npm start runs one, and writes ${localOutputs}`);
  const { emulatorUrl } = JSON.parse(readFileSync(localOutputs, 'utf8')) as { emulatorUrl: string };
  return { endpoint: emulatorUrl, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}
