/** Tests against the real Claude Code program; `npm run test:e2e`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/e2e/**/*.e2e.test.ts'], fileParallelism: false },
});
