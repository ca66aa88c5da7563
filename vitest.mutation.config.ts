import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/core/**/*.test.ts',
      'test/functions/{collect/collect,collect/browser,deliver,profile/profile,profile/errors,publish,stitch/stitch}.test.ts',
    ],
    setupFiles: ['test/fixtures/without-shrinking.ts', 'test/fixtures/stored-aggregates.ts'],
    isolate: false,
    testTimeout: 300_000,
  },
});
