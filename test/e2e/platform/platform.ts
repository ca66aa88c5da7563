import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { type PlatformUnderTest, startTestPlatform, type TestPlatform } from './test-platform.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly platform: PlatformUnderTest;
  }
}

let platform: TestPlatform | undefined;

/** Gives the tests of a project the platform that a run of all tests has started for several, or one of their own. */
export async function setup(project: TestProject): Promise<void> {
  const shared = process.env.CDP_TEST_PLATFORM;
  if (shared === undefined) platform = await startTestPlatform(`.local/test/${project.name}`);
  project.provide('platform', platform?.given ?? JSON.parse(readFileSync(shared ?? '', 'utf8')));
}

/** Stops what was started. */
export const teardown = (): Promise<void> | undefined => platform?.stop();
