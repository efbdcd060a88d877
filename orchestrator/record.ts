/** What a review did, as one plain object: for `sg status`, for reports, for whoever asks later. */
import type { Attempt } from './call.ts';
import type { Skipped } from './change.ts';
import type { NotReviewedReason, ReviewOutcome, Usage } from './finding.ts';
import { usageOf } from './money.ts';
import type { Reviewed } from './review.ts';
import type { ToolUse } from './tools/toolbox.ts';

export const STAGES = [
  'investigate',
  'second-look',
  'single-call',
  'check',
  'refute',
  'cut',
  'known',
] as const;
export type StageName = (typeof STAGES)[number];

export interface Stage {
  readonly name: StageName;
  /** What it was given: files for the first three, findings for the others. */
  readonly in: number;
  /** What it gave on: claims of a model, or findings that are left. */
  readonly out: number;
  /** What happened in between, by name: turns, drop reasons, verdicts. */
  readonly counts: Readonly<Record<string, number>>;
  readonly milliseconds: number;
  /** Why it has no answer. */
  readonly failed?: string;
}

export interface ReviewRecord {
  /** Full ids, the newest first; none where a worktree was reviewed. */
  readonly commits: readonly string[];
  readonly files: {
    /** Of the change. */
    readonly reviewed: readonly string[];
    /** By a tool, in the order of the first time; a program with tools of its own does not tell. */
    readonly read: readonly string[];
    readonly left: readonly Skipped[];
  };
  /** As it was asked for. */
  readonly model: string;
  readonly provider: string | undefined;
  readonly usage: Usage | undefined;
  readonly tools: Pick<ToolUse, 'calls' | 'errors' | 'byName'>;
  readonly stages: readonly Stage[];
  readonly outcome:
    | { readonly kind: 'clean' | 'findings'; readonly findings: number }
    | {
        readonly kind: 'not-reviewed';
        readonly reason: NotReviewedReason;
        readonly detail: string;
      };
  readonly milliseconds: number;
}

/** The parts that every kind of review has in the same way. */
export function recordOf(
  asked: Pick<ReviewRecord, 'commits' | 'model'>,
  { outcome, attempts }: { readonly outcome: ReviewOutcome; readonly attempts: readonly Attempt[] },
  milliseconds: number,
): ReviewRecord {
  const coverage = outcome.kind === 'not-reviewed' ? { reviewed: [], left: [] } : outcome.coverage;
  return {
    commits: asked.commits,
    files: { reviewed: coverage.reviewed, read: [], left: coverage.left },
    model: asked.model,
    provider: attempts.at(-1)?.provider,
    usage: usageOf(attempts),
    tools: { calls: 0, errors: 0, byName: {} },
    stages: [],
    outcome:
      outcome.kind === 'not-reviewed'
        ? { kind: outcome.kind, reason: outcome.reason, detail: outcome.detail }
        : {
            kind: outcome.kind,
            findings: outcome.kind === 'findings' ? outcome.findings.length : 0,
          },
    milliseconds,
  };
}

/** Of a review in a single call; `commits` are none where a worktree was reviewed. */
export function singleCallRecord(
  asked: Pick<ReviewRecord, 'commits' | 'model'>,
  reviewed: Reviewed,
  milliseconds: number,
): ReviewRecord {
  const { outcome, attempts, dropped, verified } = reviewed;
  const record = recordOf(asked, reviewed, milliseconds);
  if (attempts.length === 0) return record;
  const kept = verified.kept.length;
  const claims = kept + verified.dropped.length;
  const failed = outcome.kind === 'not-reviewed' ? { failed: outcome.reason } : {};
  const asking: Stage = {
    name: 'single-call',
    in: record.files.reviewed.length,
    out: claims,
    counts: { calls: attempts.length },
    milliseconds,
    ...failed,
  };
  const check: Stage = { name: 'check', in: claims, out: kept, counts: dropped, milliseconds: 0 };
  return { ...record, stages: claims === 0 ? [asking] : [asking, check] };
}

/** How often each word occurs. */
export function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
