import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { awsFreeEnvironment } from '../../../local/platform/aws.ts';
import { type Platform, startPlatform } from '../../../local/platform/platform.ts';
import { cdkCli } from '../../../local/platform/synthesis.ts';
import { runNode } from '../../../local/processes/child-process.ts';
import { makeAuthority } from '../../fixtures/catalogue/authority.ts';
import { type Broker, startBroker } from '../../fixtures/kafka/broker.ts';
import { type BrokerSwitch, startBrokerSwitch } from '../../fixtures/kafka/broker-switch.ts';
import { changesTopic } from '../../fixtures/sources/changing-tables.ts';
import { startContactsApi } from '../../fixtures/sources/contacts-api.ts';
import { freePorts } from './free-ports.ts';
import { fillTopicSecrets } from './topic-secrets.ts';

const stateDirectory = '.local/test/sources';
const assembly = `${stateDirectory}/cdk.out`;

let api: Awaited<ReturnType<typeof startContactsApi>> | undefined;
let broker: Broker | undefined;
let brokerSwitch: BrokerSwitch | undefined;
let platform: Platform | undefined;

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test writes records, as whom, and where it kills and starts the broker. */
    readonly broker: Pick<Broker, 'address' | 'secure' | 'user'> & { readonly switchUrl: string };
  }
}

/**
 * Deploys sources that jobs read, and gives the tests of a project an API that one of them asks, and a broker whose
 * topic another one reads.
 */
export async function setup(project: TestProject): Promise<void> {
  const runId = randomBytes(4).toString('hex');
  console.log(`end-to-end run ${runId}`);
  api = await startContactsApi();
  const { port } = api;
  const authority = makeAuthority();
  broker = await startBroker(authority);
  await broker.makeTopic(changesTopic, 1);
  brokerSwitch = await startBrokerSwitch(broker);
  const { address, secure, user } = broker;
  const [emulator = 0, ingest = 0, webhook = 0, profile = 0, admin = 0] = await freePorts(5);
  platform = await startPlatform({
    ports: { emulator, ingest, webhook, profile, admin },
    stateDirectory,
    log: console.log,
    app: { assembly, webhooks: [], synthesize: (signal) => synthesize(port, secure, signal) },
  });
  await fillTopicSecrets(platform.outputs, { user, certificate: authority.ca });
  project.provide('broker', { address, secure, user, switchUrl: brokerSwitch.url });
  project.provide('platform', {
    ...platform.outputs,
    runId,
    receiverUrl: `http://127.0.0.1:${port}`,
    sharedSecret: '',
    processId: process.pid,
    stateDirectory: resolve(stateDirectory),
  });
}

/** Stops what was started. */
export async function teardown(): Promise<void> {
  await platform?.stop();
  brokerSwitch?.stop();
  await broker?.close();
  api?.stop();
}

function synthesize(port: number, brokers: string, signal: AbortSignal): Promise<string> {
  const app = `${process.execPath} test/fixtures/sources/sources-app.ts ${port} ${brokers}`;
  const args = [cdkCli, 'synth', '--quiet', '--no-notices', '--app', app, '--output', assembly];
  return runNode(args, { env: awsFreeEnvironment(), signal });
}
