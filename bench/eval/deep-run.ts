/** Investigates a side of a pair as a commit, with the settings that nobody has changed. */
import type { WasmRuntime } from '../../engine/re2/runtime.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import { deepReview, planDeepReview } from '../../orchestrator/deep/deep-review.ts';
import type { DeepReviewed } from '../../orchestrator/deep/deep-review.ts';
import { DEFAULT_DEEP_SETTINGS } from '../../orchestrator/deep/settings.ts';
import type { DeepTools } from '../../orchestrator/deep/settings.ts';
import { boundOf, costOf } from '../../orchestrator/money.ts';
import type { CallTools } from '../../orchestrator/review.ts';
import type { CommitFiles } from '../../orchestrator/tools/commit-files.ts';
import { SIDES } from './pair.ts';
import type { Pair, Side } from './pair.ts';
import { markerOf, questionOf } from './questions.ts';
import type { Questions } from './questions.ts';

/** A side as git has it. */
export interface SideCommit {
  readonly changes: ChangeSet;
  readonly commits: readonly string[];
  readonly files: CommitFiles;
}

export interface DeepMeans {
  /** Rejects where git fails. */
  readonly open: (pair: Pair, side: Side) => Promise<SideCommit>;
  readonly wasm: () => WasmRuntime;
  /** For a transport with tools of its own. */
  readonly checkout: (commit: SideCommit) => NonNullable<DeepTools['checkout']>;
}

export interface SideMeans {
  readonly questions: Questions;
  readonly deep: DeepMeans;
  readonly call: CallTools;
}

export async function investigateSide(
  pair: Pair,
  side: Side,
  { questions, deep, call }: SideMeans,
): Promise<DeepReviewed> {
  const opened = await deep.open(pair, side);
  // Only at the beginning is anything waited for but an answer: a virtual clock knows of nothing else.
  const commit = { ...opened, files: await held(opened.files) };
  const { input, tools } = questionOf(pair, commit.changes, questions);
  const marker = (name: string): string => markerOf(pair.id, name);
  return deepReview(
    { ...input, commits: commit.commits, settings: DEFAULT_DEEP_SETTINGS },
    {
      ...tools,
      markers: () => ({ policy: marker('policy'), data: marker('data') }),
      marker: () => marker('result'),
      files: commit.files,
      wasm: deep.wasm,
      checkout: deep.checkout(commit),
    },
    call,
  );
}

export interface DeepEstimate {
  readonly reviews: number;
  /** Of the first turns. */
  readonly inputTokens: number;
  /** For reading them, without any answer; undefined for a model without a known price. */
  readonly usdAtLeast: number | undefined;
}

/** What is sure about a run. What it costs in all depends on what the model asks to see. */
export async function estimateDeep(
  pairs: readonly Pair[],
  rounds: number,
  questions: Questions,
  open: DeepMeans['open'],
): Promise<DeepEstimate> {
  let reviews = 0;
  let inputTokens = 0;
  for (const pair of pairs)
    for (const side of SIDES) {
      const { changes } = await open(pair, side);
      const { input, tools } = questionOf(pair, changes, questions);
      const plan = planDeepReview(input, tools);
      const request = plan.kind === 'send' ? plan.request('full') : undefined;
      if (request === undefined) continue;
      reviews += rounds;
      inputTokens += rounds * boundOf(request).inputTokens;
    }
  const used = { inputTokens, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
  return { reviews, inputTokens, usdAtLeast: costOf(questions.model, used) };
}

async function held(files: CommitFiles): Promise<CommitFiles> {
  const contents = await files.read(files.entries);
  const byPath = new Map(files.entries.map(({ path }, index) => [path, contents[index]]));
  return {
    ...files,
    read: (entries) =>
      Promise.resolve(
        entries.map(({ path }) => byPath.get(path) ?? { kind: 'none', reason: 'it is no file' }),
      ),
  };
}
