import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDirectory } from '../../bin/deployment/local-directory.ts';
import { config } from '../../cdp.config.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { createPhase, type Log } from '../processes/phases.ts';
import { claimPorts, type Ports } from '../processes/ports.ts';
import { sideBySide } from '../processes/side-by-side.ts';
import { startWebhookReceiver } from '../processes/webhook-receiver.ts';
import { makeAccessToken } from './access-token.ts';
import { startApiUrl } from './api-url.ts';
import { bootstrap, deploy, type StackOutputs } from './deployment.ts';
import { fillDestinationSettings } from './destination-settings.ts';
import { startEmulator } from './emulator-process.ts';
import { required } from './stack-outputs.ts';
import { assembly, synthesize } from './synthesis.ts';
import { writeKeys } from './write-keys.ts';

/** Addresses, keys and names of a running local platform. `outputs.json` in its state directory contains them. */
export interface PlatformOutputs {
  readonly ingestUrl: string;
  /** Write key of the demo's server source. */
  readonly writeKey: string;
  /** Write key of the demo's browser source. */
  readonly browserWriteKey: string;
  readonly profileUrl: string;
  /** Access token of the profile API, new at each start. */
  readonly profileToken: string;
  readonly adminUrl: string;
  /** Access token of the admin API, new at each start. */
  readonly adminToken: string;
  readonly emulatorUrl: string;
  readonly lakeBucket: string;
  /** Glue database of the lake's tables. */
  readonly database: string;
  /** Athena workgroup of analysts. */
  readonly workgroup: string;
  readonly deliveriesUrl: string;
  readonly stack: StackOutputs;
}

/** A platform that runs on this machine until `stop`. */
export interface Platform {
  readonly outputs: PlatformOutputs;
  stop(): Promise<void>;
}

/** Ports, files and log of a local platform. */
interface PlatformOptions {
  readonly ports: Ports;
  /** @default localDirectory */
  readonly stateDirectory?: string;
  readonly log: Log;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
  /** @default - The shipped app */
  readonly app?: LocalApp;
}

/** An app whose stack has the name and the sources of the shipped one. */
export interface LocalApp {
  /** Folder of the synthesized template. */
  readonly assembly: string;
  readonly synthesize: (signal: AbortSignal) => Promise<unknown>;
  /** Ids of the destinations whose secrets get the URL of the webhook that the platform starts. */
  readonly webhooks: readonly string[];
}

const shipped: LocalApp = {
  assembly,
  synthesize,
  webhooks: parseConfig(config).destinations.flatMap(({ id, kind }) => (kind === 'webhook' ? [id] : [])),
};

/**
 * Starts a platform with empty state: the emulator, the deployed stack, plain URLs of its APIs and a webhook. When a
 * step fails, it stops the started parts.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const stopOne of started.splice(0).reverse()) await stopOne();
  };
  try {
    return { outputs: await start(options, (part) => started.push(part.stop)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Keep = (part: { stop(): Promise<void> }) => void;

async function start(
  {
    ports,
    stateDirectory = localDirectory,
    log,
    signal = new AbortController().signal,
    app = shipped,
  }: PlatformOptions,
  keep: Keep,
): Promise<PlatformOutputs> {
  const phase = createPhase(log);
  await claimPorts(ports);
  await mkdir(stateDirectory, { recursive: true });

  const [emulator] = await sideBySide(
    signal,
    (either) =>
      phase('start and bootstrap the emulator', async () => {
        const started = await startEmulator(ports.emulator, stateDirectory, either, (line) => log(`         ${line}`));
        keep(started);
        await bootstrap(started.url, stateDirectory, either);
        return started;
      }),
    (either) => phase('make the template', () => app.synthesize(either)),
  );
  const stack = await phase('deploy the template', () => deploy(emulator.url, signal, app.assembly));

  const webhook = await startWebhookReceiver(ports.webhook, stateDirectory);
  keep(webhook);
  await phase('write the settings of the destinations', () =>
    fillDestinationSettings(emulator.url, stack, app.webhooks, webhook.webhookUrl),
  );
  const profileToken = await makeAccessToken(emulator.url, stack, output.accessTokensSecret);
  const adminToken = await makeAccessToken(emulator.url, stack, output.adminTokensSecret);
  const ingest = await startApiUrl(ports.ingest, emulator.url, required(stack, output.ingestUrl));
  keep(ingest);
  const profile = await startApiUrl(ports.profile, emulator.url, required(stack, output.profileUrl));
  keep(profile);
  const admin = await startApiUrl(ports.admin, emulator.url, required(stack, output.adminUrl));
  keep(admin);

  const outputs: PlatformOutputs = {
    ingestUrl: ingest.url,
    ...writeKeys,
    profileUrl: profile.url,
    profileToken,
    adminUrl: admin.url,
    adminToken,
    emulatorUrl: emulator.url,
    lakeBucket: required(stack, output.lakeBucket),
    database: required(stack, output.database),
    workgroup: required(stack, output.workgroup),
    deliveriesUrl: webhook.deliveriesUrl,
    stack,
  };
  await writeFile(join(stateDirectory, 'outputs.json'), `${JSON.stringify(outputs, null, 2)}\n`);
  return outputs;
}
