import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { clientSettings } from '../../local/aws.ts';
import { startEmulator } from '../../local/emulator-process.ts';
import { eventually } from './eventually.ts';

/** An emulator with one deployed template. */
export interface EmulatedStack {
  readonly url: string;
  readonly outputs: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts an emulator of its own and deploys a template to it as CloudFormation would. */
export async function deployEmulated(template: object): Promise<EmulatedStack> {
  const directory = await mkdtemp(join(tmpdir(), 'cdp-test-'));
  const emulator = await startEmulator(await freePort(), directory, new AbortController().signal);
  const stop = async () => {
    await emulator.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    return { url: emulator.url, outputs: await createStack(emulator.url, template), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Creates a stack of a template, as CloudFormation would, and gives its outputs. */
export async function createStack(url: string, template: object, StackName = 'Test'): Promise<Record<string, string>> {
  const client = new CloudFormationClient(clientSettings(url));
  await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_IAM'] }));
  const stack = await eventually('the stack is there', async () => {
    const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return found?.StackStatus?.endsWith('IN_PROGRESS') ? undefined : found;
  });
  if (stack.StackStatus !== 'CREATE_COMPLETE') {
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
    throw new Error(`${stack.StackStatus}: ${JSON.stringify(StackEvents?.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED')))}`);
  }
  return Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/** A port that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
