/** The order of test files: what takes long begins early, so that nothing long is left alone at the end. */
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Those that take more than half a minute, the longest first. A name that is not here any more does no harm. */
const LONGEST: readonly string[] = [
  'hooks/commit/ways',
  'hooks/turn/not-reviewed',
  'host/git/hostile',
  'hooks/client-failures',
  'cli/eval',
  'hooks/failures/socket-in-place',
  'hooks/failures/killed',
  'hooks/turn/idle',
  'engine/scanner-linear',
  'hooks/failures/two-versions',
  'hooks/commit/hostile',
  'hooks/failures/settings',
  'hooks/commit/limits',
  'hooks/failures/corrupted',
  'hooks/failures/same-bytes',
  'engine/match/exact',
  'hooks/client',
  'bench/command',
  'cli/demo',
  'hooks/start-service',
  'cli/scan-diff',
  'engine/re2/heap',
  'hooks/failures/stuck',
  'hooks/turn/loop',
  'cli/corpus',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return index === -1 ? LONGEST.length : index;
}
