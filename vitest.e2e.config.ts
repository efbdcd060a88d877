/** Tests against the real Claude Code program; `npm run test:e2e`. */
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.test.ts'],
    // Each session has folders, a home and ports of its own, and waits for most of its time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/e2e/install.ts'],
  },
});
