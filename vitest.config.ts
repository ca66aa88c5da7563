import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// The CDK's own look at a template only warns, and takes longer than all else that a synthesis does.
process.env.CDK_VALIDATION = 'false';

const files = globSync('test/*/**/*.test.ts').sort();
const below = (...folders: readonly string[]) =>
  files.filter((file) => folders.some((folder) => file.startsWith(`test/${folder}/`)));
/** They put something else in the place of a module, so nobody may have loaded it before, nor use it after. */
const mocking = files.filter((file) => readFileSync(file, 'utf8').includes('vi.mock('));
const pure = below('core', 'functions').filter((file) => !mocking.includes(file));
const infra = below('infra').filter((file) => !mocking.includes(file));
const elsewhere = [...mocking, ...pure, ...infra, ...below('local', 'simulation', 'contract', 'e2e', 'parts')];
/** They touch nobody but people of their own; access tokens are everybody's, so one file alone makes some here. */
const ownPeople = [
  'admin-api',
  'analytics-*',
  'bad-events',
  'docs',
  'http-api',
  'lake-tables',
  'rudder-*',
  'segment-*',
  'unmerge',
  'webhook-source',
].map((name) => `test/e2e/*/${name}.test.ts`);
const [storm, alarms] = ['test/e2e/stream/storm.test.ts', 'test/e2e/alarms/alarms.test.ts'];
const destinations = 'test/e2e/destinations/*.test.ts';
const sources = 'test/e2e/sources/*.test.ts';
/** The longest takes a minute or two alone, and may get a tenth of a processor beside platforms. */
const longestLaw = 900_000;
const setupFiles = ['test/fixtures/seeded-laws.ts', 'test/fixtures/stored-aggregates.ts'];

export default defineConfig({
  test: {
    projects: [
      // Functions of their arguments: files share a world, so that not each loads everything again.
      { test: { name: 'pure', setupFiles, include: pure, isolate: false, testTimeout: longestLaw } },
      {
        test: {
          name: 'unit',
          setupFiles,
          include: files.filter((file) => !elsewhere.includes(file)),
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'mocking',
          setupFiles,
          include: mocking,
          globalSetup: 'test/infra/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'repository',
          setupFiles,
          include: ['test/*.test.ts', 'test/parts/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      // Several at once, because they wait for the emulator more than they compute.
      {
        test: {
          name: 'emulator',
          setupFiles,
          include: ['test/local/**/*.test.ts', 'test/contract/emulator.test.ts'],
          globalSetup: 'test/local/stack/shared-emulator.ts',
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'infra',
          setupFiles,
          include: infra,
          isolate: false,
          globalSetup: 'test/infra/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'simulation',
          setupFiles,
          isolate: false,
          testTimeout: longestLaw,
          hookTimeout: 60_000,
          include: ['test/{simulation,contract}/**/*.test.ts'],
          exclude: ['test/contract/emulator.test.ts'],
        },
      },
      // Several at once, because they wait for the platform more than they compute.
      {
        test: {
          name: 'e2e',
          include: ownPeople,
          globalSetup: 'test/e2e/platform/platform.ts',
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          testTimeout: 240_000,
          hookTimeout: 60_000,
        },
      },
      // One at a time: roles, queues, workers, settings and jobs are everybody's.
      {
        test: {
          name: 'operation',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...ownPeople, storm, alarms, destinations, sources],
          globalSetup: 'test/e2e/platform/platform.ts',
          testTimeout: 240_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      { test: { name: 'storm', include: [storm], globalSetup: 'test/e2e/platform/platform.ts' } },
      // On a platform of their own, with many tools and webhooks behind a proxy.
      {
        test: {
          name: 'destinations',
          include: [destinations],
          globalSetup: 'test/e2e/platform/destinations-platform.ts',
          testTimeout: 240_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      // On a platform of their own, with sources that jobs read.
      {
        test: {
          name: 'sources',
          include: [sources],
          globalSetup: 'test/e2e/platform/sources-platform.ts',
          testTimeout: 400_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      // On a platform of its own: it breaks one part after the other, and hears only of what was well before.
      {
        test: { name: 'alarms', include: [alarms], globalSetup: 'test/e2e/platform/platform.ts', testTimeout: 180_000 },
      },
    ],
  },
});
