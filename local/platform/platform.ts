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
import { synthesize } from './synthesis.ts';
import { writeKeys } from './write-keys.ts';

/** What a client needs to know about a running local platform; written to `outputs.json` in its state directory. */
export interface PlatformOutputs {
  readonly ingestUrl: string;
  /** Key of the demo's server source. */
  readonly writeKey: string;
  /** Key of the demo's browser source. */
  readonly browserWriteKey: string;
  readonly profileUrl: string;
  /** Access token of the profile API, made at this start. */
  readonly profileToken: string;
  readonly adminUrl: string;
  /** Access token of the admin API, made at this start. */
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

/** A platform that runs on this machine until it is stopped. */
export interface Platform {
  readonly outputs: PlatformOutputs;
  stop(): Promise<void>;
}

/** Where a local platform listens and keeps its files, and whom it tells what it does. */
interface PlatformOptions {
  readonly ports: Ports;
  /** @default localDirectory */
  readonly stateDirectory?: string;
  readonly log: Log;
  /** Aborting it gives up a start. */
  readonly signal?: AbortSignal;
}

/**
 * Starts everything with fresh state: the emulator, the deployed stack, plain URLs of its APIs and a webhook. What was
 * started is stopped when a step fails.
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
  { ports, stateDirectory = localDirectory, log, signal = new AbortController().signal }: PlatformOptions,
  keep: Keep,
): Promise<PlatformOutputs> {
  const phase = createPhase(log);
  await claimPorts(ports);
  await mkdir(stateDirectory, { recursive: true });

  const [emulator] = await sideBySide(
    signal,
    (either) =>
      phase('start the emulator and bootstrap it', async () => {
        const started = await startEmulator(ports.emulator, stateDirectory, either, (line) => log(`         ${line}`));
        keep(started);
        await bootstrap(started.url, stateDirectory, either);
        return started;
      }),
    (either) => phase('make the template', () => synthesize(either)),
  );
  const stack = await phase('deploy it', () => deploy(emulator.url, signal));

  const webhook = await startWebhookReceiver(ports.webhook, stateDirectory);
  keep(webhook);
  const destinationIds = parseConfig(config).destinations.map(({ id }) => id);
  await phase('fill in the destinations', () =>
    fillDestinationSettings(emulator.url, stack, destinationIds, webhook.webhookUrl),
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
