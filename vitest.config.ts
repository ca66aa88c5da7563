import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const pureFiles = globSync('test/{core,handlers,functions}/**/*.test.ts');
/** They put something else in the place of a module, so nobody may have loaded it before, nor use it after. */
const mocking = pureFiles.filter((file) => readFileSync(file, 'utf8').includes('vi.mock('));
const pure = pureFiles.filter((file) => !mocking.includes(file));
const others = ['test/{local,infra,simulation,contract,e2e,glue}/**'];

export default defineConfig({
  test: {
    projects: [
      // Functions of their arguments: files share a world, so that not each loads everything again.
      { test: { name: 'pure', include: pure, isolate: false, testTimeout: 120_000 } },
      { test: { name: 'unit', include: ['test/*/**/*.test.ts'], exclude: [...pure, ...others], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'repository', include: ['test/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: 'emulator', include: ['test/local/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
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
