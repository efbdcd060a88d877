/** Tests against the real Claude Code program; `npm run test:e2e`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.test.ts'],
    // Each session has folders, a home and ports of its own, and waits for most of its time.
    maxWorkers: 2,
    globalSetup: ['test/e2e/install.ts'],
  },
});
