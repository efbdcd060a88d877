/** The order of test files: what takes long begins early, so that nothing long is left alone at the end. */
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Those that take longest, in the order of their time within each project. A name that is not here any more does no harm. */
const LONGEST: readonly string[] = [
  'hooks/client-failures',
  'hooks/turn/not-reviewed',
  'hooks/client',
  'hooks/turn/trouble',
  'hooks/failures/socket-in-place',
  'hooks/failures/killed',
  'hooks/turn/findings',
  'hooks/failures/same-bytes',
  'hooks/turn/loop',
  'hooks/turn/idle',
  'hooks/turn/requests',
  'hooks/failures/corrupted',
  'hooks/turn/whose',
  'hooks/failures/stuck',
  'hooks/failures/settings',
  'hooks/failures/leaving',
  'hooks/turn/turn',
  'hooks/start-service',
  'host/git/hostile',
  'hooks/commit/ways',
  'cli/eval',
  'engine/match/exact',
  'hooks/commit/limits',
  'bench/latency/suite',
  'hooks/commit/hostile',
  'cli/review-deep',
  'host/git/outside',
  'engine/scanner-linear',
  'host/git/changes',
  'cli/settings',
  'cli/review',
  'cli/scan-parts',
  'bench/command',
  'cli/corpus',
  'cli/scan-diff',
  'engine/re2/heap',
  'cli/demo',
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
