import { tmpdir } from 'node:os';
import type { TestProject } from 'vitest/node';
import { startEmulator } from '../../../local/platform/emulator-process.ts';
import { synthesize } from '../../../local/platform/synthesis.ts';
import { freePorts } from '../../e2e/platform/free-ports.ts';
import { startScratch } from '../../fixtures/scratch.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly emulatorUrl: string;
  }
}

/** Starts the one emulator to which tests deploy stacks that differ only in their template; gives what stops it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Before anybody deploys it: nobody can while it is made.
  await synthesize(new AbortController().signal);
  const removeScratch = startScratch();
  const [port = 0] = await freePorts(1);
  const emulator = await startEmulator(port, tmpdir(), new AbortController().signal);
  project.provide('emulatorUrl', emulator.url);
  return async () => {
    await emulator.stop();
    removeScratch();
  };
}
