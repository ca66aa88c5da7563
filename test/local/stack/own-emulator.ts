import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startApiUrl } from '../../../local/platform/api-url.ts';
import type { StackOutputs } from '../../../local/platform/deployment.ts';
import { required } from '../../../local/platform/stack-outputs.ts';
import { assembly, synthesize } from '../../../local/platform/synthesis.ts';
import { freePorts } from '../../e2e/platform/free-ports.ts';
import { startEmptyEmulator } from './empty-emulator.ts';

/** An account of its own on an emulator, and a folder in which a team has this repository. */
export interface OwnEmulator {
  readonly url: string;
  readonly folder: string;
  /** Runs the CDK on the shipped app. */
  cdk(...args: readonly string[]): Promise<string>;
  /** Runs the CDK on an app of a file. */
  cdkOf(file: string, ...args: readonly string[]): Promise<string>;
  /** Runs a command of the repository there; gives what it printed. @throws what it says of its failure */
  npmRun(command: string, ...args: readonly string[]): Promise<string>;
  /** A plain URL of one of a stack's HTTP APIs. */
  api(stack: StackOutputs, name: string): Promise<string>;
  stop(): Promise<void>;
}

const shared = [
  'package.json',
  'node_modules',
  'bin',
  'lib',
  'lambdas',
  'local',
  'glue-scripts',
  'cdp.config.ts',
  'cdp.recipes.ts',
  'tsconfig.json',
  assembly,
];

/** Starts an emulator with nothing deployed, and makes the template. */
export async function startOwnEmulator(): Promise<OwnEmulator> {
  const { url, folder, signal, cdk, stop } = await startEmptyEmulator();
  const stops: (() => Promise<void>)[] = [stop];
  await synthesize(signal);
  for (const name of shared) symlinkSync(resolve(name), join(folder, name));
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify({ emulatorUrl: url }));
  return {
    url,
    folder,
    cdk: (...args) => cdk([...args, '--app', assembly]),
    cdkOf: (file, ...args) =>
      cdk([...args, '--app', `${process.execPath} ${file}`, '--output', join(folder, 'other.out')]),
    npmRun: async (command, ...args) => {
      const env = { ...process.env, CDP_LOCAL_DIRECTORY: '.' };
      return (
        await promisify(execFile)('npm', ['run', '--silent', command, '--', ...args, '--local'], { env, cwd: folder })
      ).stdout.trim();
    },
    api: async (stack, name) => {
      const [free = 0] = await freePorts(1);
      const api = await startApiUrl(free, url, required(stack, name));
      stops.push(api.stop);
      return api.url;
    },
    stop: async () => {
      for (const each of stops.reverse()) await each();
    },
  };
}
