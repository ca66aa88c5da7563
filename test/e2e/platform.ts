import { randomBytes } from 'node:crypto';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { TestProject } from 'vitest/node';
import { destinationSettingsOutput } from '../../lambdas/core/contract.ts';
import { clientSettings } from '../../local/aws.ts';
import { type Platform, type PlatformOutputs, startPlatform } from '../../local/platform.ts';
import { freePorts } from './free-ports.ts';
import { type Receiver, startReceiver } from './receiver.ts';

/** What every end-to-end test is given. */
export interface PlatformUnderTest extends PlatformOutputs {
  /** Part of every id a run makes up, so that runs and tests never meet. */
  readonly runId: string;
  readonly receiverUrl: string;
  /** Signs what the destination `crm` is sent. */
  readonly sharedSecret: string;
  /** The process that started the emulator, and through it the functions. */
  readonly processId: number;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly platform: PlatformUnderTest;
  }
}

let platform: Platform | undefined;
let receiver: Receiver | undefined;

/** Deploys the shipped template once for all end-to-end tests, on ports and in a directory of its own, beside a running `npm start` and another project's platform. */
export async function setup(project: TestProject): Promise<void> {
  const runId = randomBytes(4).toString('hex');
  console.log(`end-to-end run ${runId}`);
  const [emulator = 0, ingest = 0, webhook = 0, profile = 0, admin = 0] = await freePorts(5);
  platform = await startPlatform({
    ports: { emulator, ingest, webhook, profile, admin },
    stateDirectory: `.local/test/${project.name}`,
    log: console.log,
  });
  receiver = await startReceiver();
  const sharedSecret = randomBytes(24).toString('base64url');
  await pointDestinationAt(`${receiver.url}/webhook`, sharedSecret, platform.outputs);
  project.provide('platform', { ...platform.outputs, runId, receiverUrl: receiver.url, sharedSecret, processId: process.pid });
}

/** Stops everything that was started. */
export async function teardown(): Promise<void> {
  await receiver?.stop();
  await platform?.stop();
}

/** Before the first delivery, because a function uses settings for a minute before it reads them again. */
async function pointDestinationAt(url: string, sharedSecret: string, { emulatorUrl, stack }: PlatformOutputs): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  const SecretString = JSON.stringify({ url, sharedSecret, allowedPrivateHosts: [new URL(url).host] });
  await client.send(new PutSecretValueCommand({ SecretId: stack[destinationSettingsOutput('crm')], SecretString }));
  client.destroy();
}
