import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { awsFreeEnvironment } from '../../../local/platform/aws.ts';
import { type Platform, startPlatform } from '../../../local/platform/platform.ts';
import { cdkCli } from '../../../local/platform/synthesis.ts';
import { runNode } from '../../../local/processes/child-process.ts';
import { startContactsApi } from '../../fixtures/sources/contacts-api.ts';
import { freePorts } from './free-ports.ts';

const stateDirectory = '.local/test/sources';
const assembly = `${stateDirectory}/cdk.out`;

let api: Awaited<ReturnType<typeof startContactsApi>> | undefined;
let platform: Platform | undefined;

/** Deploys sources that jobs read, and gives the tests of a project an API that one of them asks. */
export async function setup(project: TestProject): Promise<void> {
  const runId = randomBytes(4).toString('hex');
  console.log(`end-to-end run ${runId}`);
  api = await startContactsApi();
  const { port } = api;
  const [emulator = 0, ingest = 0, webhook = 0, profile = 0, admin = 0] = await freePorts(5);
  platform = await startPlatform({
    ports: { emulator, ingest, webhook, profile, admin },
    stateDirectory,
    log: console.log,
    app: { assembly, webhooks: [], synthesize: (signal) => synthesize(port, signal) },
  });
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
  api?.stop();
}

function synthesize(port: number, signal: AbortSignal): Promise<string> {
  const app = `${process.execPath} test/fixtures/sources/sources-app.ts ${port}`;
  const args = [cdkCli, 'synth', '--quiet', '--no-notices', '--app', app, '--output', assembly];
  return runNode(args, { env: awsFreeEnvironment(), signal });
}
