import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulatorEnvironment } from '../../../local/platform/aws.ts';
import { bootstrap } from '../../../local/platform/deployment.ts';
import { startEmulator } from '../../../local/platform/emulator-process.ts';
import { cdkCli } from '../../../local/platform/synthesis.ts';
import { runNode } from '../../../local/processes/child-process.ts';
import { freePorts } from '../../e2e/platform/free-ports.ts';

/** An account of its own that the CDK is prepared for, with nothing in it, and a folder. */
export interface EmptyEmulator {
  readonly url: string;
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Runs the CDK with these variables more. */
  cdk(args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string>;
  /** Ends it, and removes the folder. */
  stop(): Promise<void>;
}

/** Starts an emulator with nothing deployed. */
export async function startEmptyEmulator(): Promise<EmptyEmulator> {
  const { signal } = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), 'cdp-emulator-'));
  const [port = 0] = await freePorts(1);
  const { url, stop } = await startEmulator(port, folder, signal);
  await bootstrap(url, folder, signal);
  return {
    url,
    folder,
    signal,
    cdk: (args, variables = {}) =>
      runNode([cdkCli, ...args, '--no-notices', '--ci'], {
        env: { ...emulatorEnvironment(url), ...variables },
        signal,
      }),
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
