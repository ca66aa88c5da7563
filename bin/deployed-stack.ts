import { readFileSync } from 'node:fs';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Which deployment a command is about. */
export interface Deployment {
  readonly stack: string;
  /** The one that `npm start` runs, instead of the AWS account of the caller's credentials. */
  readonly local: boolean;
}

/** Settings with which an AWS client reaches a deployment, and the value of one of its stack's outputs, if it has it. */
export async function deployedStack({ stack, local }: Deployment, outputName: string): Promise<{ where: object; output: string | undefined }> {
  const where = local ? emulator() : {};
  const { Stacks = [] } = await new CloudFormationClient(where).send(new DescribeStacksCommand({ StackName: stack }));
  return { where, output: Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === outputName)?.OutputValue };
}

/** The emulator of `npm start` and its only user. */
function emulator() {
  const { emulatorUrl } = JSON.parse(readFileSync('.local/outputs.json', 'utf8')) as { emulatorUrl: string };
  return { endpoint: emulatorUrl, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}
