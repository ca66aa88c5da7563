import { readFileSync } from 'node:fs';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Which deployment a command is about. */
export interface Deployment {
  readonly stack: string;
  /** The one that `npm start` runs, instead of the AWS account of the caller's credentials. */
  readonly local: boolean;
}

/** How an AWS client reaches a deployment, and what its stack says of itself by output name. */
export interface DeployedStack {
  readonly where: object;
  readonly outputs: Readonly<Record<string, string | undefined>>;
}

/** Asks CloudFormation for a deployment's stack. @throws when there is none */
export async function deployedStack({ stack, local }: Deployment): Promise<DeployedStack> {
  const where = local ? emulator() : {};
  const { Stacks: [found] = [] } = await new CloudFormationClient(where).send(new DescribeStacksCommand({ StackName: stack }));
  return { where, outputs: Object.fromEntries((found?.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue])) };
}

/** The emulator of `npm start` and its only user. */
function emulator() {
  const { emulatorUrl } = JSON.parse(readFileSync('.local/outputs.json', 'utf8')) as { emulatorUrl: string };
  return { endpoint: emulatorUrl, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}
