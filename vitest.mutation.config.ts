import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/handlers/{collect-laws,collect-rejections,deliver,profile,publish,stitch}.test.ts'],
    setupFiles: ['test/fixtures/without-shrinking.ts'],
    testTimeout: 60_000,
  },
});
