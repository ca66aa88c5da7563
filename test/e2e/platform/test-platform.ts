import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { destinationSettingsOutput, output } from '../../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { type PlatformOutputs, startPlatform } from '../../../local/platform/platform.ts';
import { vendorNamed } from '../../fixtures/vendors.ts';
import { freePorts } from './free-ports.ts';
import { startReceiver } from './receiver.ts';

/** What every end-to-end test is given. */
export interface PlatformUnderTest extends PlatformOutputs {
  /** Part of every id a run makes up, so that runs and tests never meet. */
  readonly runId: string;
  readonly receiverUrl: string;
  /** Signs what the destination `crm` is sent. */
  readonly sharedSecret: string;
  /** The process that started the emulator, and through it the functions. */
  readonly processId: number;
  /** Folder in which commands find `outputs.json`. */
  readonly stateDirectory: string;
}

/** A platform for tests, until it is stopped. */
export interface TestPlatform {
  readonly given: PlatformUnderTest;
  stop(): Promise<void>;
}

/**
 * Deploys the shipped template on ports and in a directory of its own, beside a running `npm start` and other tests'
 * platforms.
 */
export async function startTestPlatform(stateDirectory: string): Promise<TestPlatform> {
  const runId = randomBytes(4).toString('hex');
  console.log(`end-to-end run ${runId}`);
  const [emulator = 0, ingest = 0, webhook = 0, profile = 0, admin = 0] = await freePorts(5);
  const { outputs, stop } = await startPlatform({
    ports: { emulator, ingest, webhook, profile, admin },
    stateDirectory,
    log: console.log,
  });
  await giveSecretToPayments(outputs);
  const receiver = await startReceiver();
  const sharedSecret = randomBytes(24).toString('base64url');
  await pointDestinationAt(`${receiver.url}/webhook`, sharedSecret, outputs);
  return {
    given: {
      ...outputs,
      runId,
      receiverUrl: receiver.url,
      sharedSecret,
      processId: process.pid,
      stateDirectory: resolve(stateDirectory),
    },
    stop: async () => {
      await receiver.stop();
      await stop();
    },
  };
}

/** Before the first request, because collect uses secrets for a minute before it reads them again. */
async function giveSecretToPayments({ emulatorUrl, stack }: PlatformOutputs): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  const SecretString = JSON.stringify({ payments: { secrets: [vendorNamed('Stripe').secret] } });
  await client.send(new PutSecretValueCommand({ SecretId: stack[output.sourceSecrets], SecretString }));
  client.destroy();
}

/** Before the first delivery, because a function uses settings for a minute before it reads them again. */
async function pointDestinationAt(
  url: string,
  sharedSecret: string,
  { emulatorUrl, stack }: PlatformOutputs,
): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  const SecretString = JSON.stringify({ url, sharedSecret, allowedPrivateHosts: [new URL(url).host] });
  await client.send(new PutSecretValueCommand({ SecretId: stack[destinationSettingsOutput('crm')], SecretString }));
  client.destroy();
}
