/** What a deep review did, as one plain object: for `sg status`, for reports, for whoever asks later. */
import type { Skipped } from '../change.ts';
import type { NotReviewedReason, Usage } from '../finding.ts';
import type { ToolUse } from '../tools/toolbox.ts';

export const STAGES = [
  'investigate',
  'second-look',
  'single-call',
  'check',
  'refute',
  'cut',
] as const;
export type StageName = (typeof STAGES)[number];

export interface Stage {
  readonly name: StageName;
  /** What it was given: files for the first three, candidates for the others. */
  readonly in: number;
  /** What it gave on: claims of a model, or candidates that are left. */
  readonly out: number;
  /** What happened in between, by name: turns, drop reasons, verdicts. */
  readonly counts: Readonly<Record<string, number>>;
  readonly milliseconds: number;
  /** Why it has no answer. */
  readonly failed?: string;
}

export interface ReviewRecord {
  /** Full ids, the newest first. */
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

/** How often each word occurs. */
export function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
