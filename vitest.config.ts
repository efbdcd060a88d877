import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** Fifty programs at the same time leave nothing of a machine to another file. */
const ALONE = ['test/hooks/failures/crowd.test.ts', 'test/hooks/start-crowd.test.ts'];

/** What waits for services, deadlines and locks for much of its time. */
const WAITING = [
  'test/hooks/failures/**/*.test.ts',
  'test/hooks/turn/**/*.test.ts',
  'test/hooks/{client,client-failures,client-session,start-service}.test.ts',
  'test/host/git/hostile.test.ts',
  'test/host/service/**/*.test.ts',
  'test/workers/service/**/*.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // A process for each file costs half a second of it; no file leaves anything behind in its own.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/seed.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'waiting', include: WAITING, exclude: ALONE, maxWorkers: 3 },
      },
      {
        extends: true,
        test: {
          name: 'computing',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/browser/**', ...ALONE, ...WAITING],
          sequence: { groupOrder: 1 },
          // More than a small machine has processors: most tests wait for processes.
          maxWorkers: 3,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
