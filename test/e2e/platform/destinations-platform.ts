import { randomBytes } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { TestProject } from 'vitest/node';
import { destinationSettingsOutput } from '../../../lambdas/core/contract/outputs.ts';
import { awsFreeEnvironment, clientSettings } from '../../../local/platform/aws.ts';
import { type Platform, type PlatformOutputs, startPlatform } from '../../../local/platform/platform.ts';
import { cdkCli } from '../../../local/platform/synthesis.ts';
import { runNode } from '../../../local/processes/child-process.ts';
import { answerTo } from '../../fixtures/catalogue/answers.ts';
import { hooks, secretOf, waves } from '../../fixtures/catalogue/deployed.ts';
import type { Sent } from '../../fixtures/catalogue/switch-fetch.ts';
import { answering, type TlsProxy, tlsProxy } from '../../fixtures/catalogue/tls-proxy.ts';
import { freePorts } from './free-ports.ts';
import { hookAt, hookUrl } from './hook-answers.ts';

const stateDirectory = '.local/test/destinations';
const assembly = `${stateDirectory}/cdk.out`;

let proxy: TlsProxy | undefined;
let platform: Platform | undefined;

/** Deploys many tools and webhooks, and gives the tests of a project a proxy in which all of their receivers are. */
export async function setup(project: TestProject): Promise<void> {
  const runId = randomBytes(4).toString('hex');
  console.log(`end-to-end run ${runId}`);
  const tools = answering(answerTo);
  const hookOf = hookAt();
  const host = (sent: Sent, response: ServerResponse) => (hookOf(sent) ?? tools)(sent, response);
  proxy = await tlsProxy(host, telling);
  const { url, ca } = proxy;
  const [emulator = 0, ingest = 0, webhook = 0, profile = 0, admin = 0] = await freePorts(5);
  platform = await startPlatform({
    ports: { emulator, ingest, webhook, profile, admin },
    stateDirectory,
    log: console.log,
    app: { assembly, webhooks: [], synthesize: (signal) => synthesize({ proxy: url, ca }, signal) },
  });
  await fillSecrets(platform.outputs);
  project.provide('platform', {
    ...platform.outputs,
    runId,
    receiverUrl: url,
    sharedSecret: '',
    processId: process.pid,
    stateDirectory: resolve(stateDirectory),
  });
}

/** Stops what was started. */
export async function teardown(): Promise<void> {
  await platform?.stop();
  proxy?.close();
}

/** Tells what has been received from a number on, as JSON. */
const telling: RequestListener = ({ url = '' }, response) => {
  const from = Number(new URL(url, 'http://proxy').searchParams.get('from'));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(proxy?.received.slice(from)));
};

function synthesize(egress: object, signal: AbortSignal): Promise<string> {
  const given = Buffer.from(JSON.stringify(egress)).toString('base64url');
  const app = `${process.execPath} test/fixtures/catalogue/catalogue-app.ts ${given}`;
  const args = [cdkCli, 'synth', '--quiet', '--no-notices', '--app', app, '--output', assembly];
  return runNode(args, { env: awsFreeEnvironment(), signal });
}

/** Fills the secrets as an operator does; a tool that needs none has none. */
async function fillSecrets({ emulatorUrl, stack }: PlatformOutputs): Promise<void> {
  const client = new SecretsManagerClient(clientSettings(emulatorUrl));
  const put = async (id: string, secret: object) => {
    const SecretId = stack[destinationSettingsOutput(id)];
    if (SecretId === undefined) return;
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(secret) }));
  };
  await Promise.all(waves.flat().map((tool) => put(tool, secretOf(tool))));
  await Promise.all([...hooks, 'witness' as const].map((id) => put(id, { url: hookUrl(id), allowedPrivateHosts: [] })));
  client.destroy();
}
