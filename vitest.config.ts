import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          include: ['test/{core,handlers,adapters,demo,local,bench}/**/*.test.ts', 'test/*.test.ts'],
        },
      },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          globalSetup: 'test/infra/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'simulation', testTimeout: 60_000, hookTimeout: 60_000, include: ['test/{simulation,contract}/**/*.test.ts'] } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/storm.test.ts', 'test/e2e/alarms.test.ts'],
          globalSetup: 'test/e2e/platform.ts',
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      // On a platform of its own: it leaves a table so full that who looks for one profile there comes late.
      { test: { name: 'storm', include: ['test/e2e/storm.test.ts'], globalSetup: 'test/e2e/platform.ts' } },
      // On a platform of its own, too: it breaks one part after the other.
      { test: { name: 'alarms', include: ['test/e2e/alarms.test.ts'], globalSetup: 'test/e2e/platform.ts', testTimeout: 180_000 } },
    ],
  },
});
