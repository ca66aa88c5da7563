import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { inject } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { startEmulator } from '../../../local/platform/emulator-process.ts';
import { freePorts } from '../../e2e/platform/free-ports.ts';
import { eventually } from './eventually.ts';

/** An emulator with one deployed template. */
export interface EmulatedStack {
  readonly url: string;
  readonly outputs: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Deploys a template, under a name of its own, to the emulator that the tests of this project share. */
export async function deployShared(template: object): Promise<EmulatedStack> {
  const url = inject('emulatorUrl');
  const StackName = `Test-${randomBytes(4).toString('hex')}`;
  const stop = async () =>
    void (await new CloudFormationClient(clientSettings(url)).send(new DeleteStackCommand({ StackName })));
  return { url, outputs: await createStack(url, template, StackName), stop };
}

/** Starts an emulator of its own, for what computes for minutes in its process, and deploys a template to it. */
export async function deployAlone(template: object): Promise<EmulatedStack> {
  const directory = await mkdtemp(join(tmpdir(), 'cdp-test-'));
  const [port = 0] = await freePorts(1);
  const emulator = await startEmulator(port, directory, new AbortController().signal);
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
  await client.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_IAM'] }),
  );
  const stack = await eventually('the stack is there', async () => {
    const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return found?.StackStatus?.endsWith('IN_PROGRESS') ? undefined : found;
  });
  if (stack.StackStatus !== 'CREATE_COMPLETE') {
    const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName }));
    throw new Error(
      `${stack.StackStatus}: ${JSON.stringify(StackEvents?.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('FAILED')))}`,
    );
  }
  return Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}
