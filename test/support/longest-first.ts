/** The order of test files: what takes long begins early, so that nothing long is left alone at the end. */
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/** Those that take longest, in the order of their time within each project. A name that is not here any more does no harm. */
const LONGEST: readonly string[] = [
  'e2e/turn.e2e',
  'e2e/commit.e2e',
  'e2e/turn-terminal.e2e',
  'e2e/service.e2e',
  'hooks/client-failures',
  'host/git/hostile',
  'hooks/turn/loop',
  'hooks/failures/socket-in-place',
  'hooks/client',
  'hooks/turn/not-reviewed',
  'hooks/failures/killed',
  'hooks/failures/stuck',
  'hooks/failures/same-bytes',
  'hooks/turn/trouble',
  'hooks/client-session',
  'hooks/turn/findings',
  'hooks/turn/idle',
  'hooks/failures/corrupted',
  'hooks/start-service',
  'hooks/failures/settings',
  'hooks/failures/leaving',
  'hooks/turn/turn',
  'hooks/turn/whose',
  'hooks/failures/stopped',
  'hooks/turn/silence',
  'hooks/turn/requests',
  'hooks/failures/two-versions',
  'engine/match/exact',
  'engine/pack/packed-set',
  'cli/eval',
  'cli/scan-diff',
  'hooks/commit/ways',
  'cli/corpus',
  'bench/latency/suite',
  'engine/scanner-contract',
  'cli/lint-rules',
  'cli/scan-cache',
  'host/git/outside',
  'cli/findings',
  'cli/review',
  'bench/eval/deep-run',
  'engine/re2/heap',
  'docs/generated',
  'cli/demo',
  'hooks/commit/limits',
  'engine/scanner-linear',
  'bench/command',
  'cli/cli',
  'host/git/head-moves',
  'orchestrator/pack-secrets',
  'host/providers/review-matrix',
  'cli/scan',
  'cli/review-deep',
  'hooks/commit/sharing',
  'engine/pack/packed-index',
  'cli/settings',
  'hooks/commit/hostile',
  'engine/re2/groups',
  'host/git/changes',
  'cli/baseline',
  'engine/regex/parse',
  'hooks/bundle',
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
