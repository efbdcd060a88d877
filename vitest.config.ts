import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'test/browser/**'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // One fewer than there are processors is one on a small machine, and most tests wait for processes.
    maxWorkers: 2,
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/seed.ts'],
  },
});
