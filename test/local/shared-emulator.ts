import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Emulator, startEmulator } from '../../local/platform/emulator-process.ts';
import { freePorts } from '../e2e/free-ports.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly emulatorUrl: string;
  }
}

let emulator: Emulator | undefined;
let directory: string | undefined;

/** Starts the one emulator to which tests deploy stacks that differ only in their template. */
export async function setup(project: TestProject): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'cdp-test-'));
  const [port = 0] = await freePorts(1);
  emulator = await startEmulator(port, directory, new AbortController().signal);
  project.provide('emulatorUrl', emulator.url);
}

export async function teardown(): Promise<void> {
  await emulator?.stop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
}
