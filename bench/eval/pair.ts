/** A change with a defect, and the same change without it: what `sg eval` asks a reviewer about. */
import type { LanguageId } from '../../engine/language.ts';
import type { ChangeSet } from '../../orchestrator/change.ts';
import type { ReviewSeverity } from '../../orchestrator/finding.ts';

/** What makes a pair hard. The list is closed. */
export const TRAITS = [
  'authorization',
  'dead-code',
  'injected-instructions',
  'logic',
  'looks-unsafe',
  'race',
  'sanitised-elsewhere',
  'second-order',
] as const;
export type Trait = (typeof TRAITS)[number];

export const SIDES = ['vulnerable', 'fixed'] as const;
export type Side = (typeof SIDES)[number];

export interface Pair {
  /** Also the name of its file. */
  readonly id: string;
  /** The defect in one line. */
  readonly title: string;
  readonly language: LanguageId;
  /** Such as `CWE-89`. */
  readonly cwe: string;
  readonly severity: ReviewSeverity;
  /** Of the changed file, as a reviewer sees it. */
  readonly path: string;
  readonly traits: readonly Trait[];
  /** The file before either change; absent when the change adds it. */
  readonly before?: string;
  readonly vulnerable: string;
  readonly fixed: string;
  /** Code of the vulnerable side, one to five lines each; a finding at any of them is at the right place. */
  readonly quotes: readonly string[];
  /** A line of both sides that tells a reviewer to say nothing. */
  readonly injected?: string;
  /** Why the one side is a defect and the other is not. */
  readonly note: string;
}

/** A side of a pair as the change that a review gets. */
export function changeOf(pair: Pair, side: Side): ChangeSet {
  const { path, before } = pair;
  const encoder = new TextEncoder();
  const file = {
    repo: '',
    path,
    status: before === undefined ? ('added' as const) : ('modified' as const),
    ...(before === undefined ? {} : { before: encoder.encode(before), beforeMode: '100644' }),
    after: encoder.encode(pair[side]),
    afterMode: '100644',
  };
  return { files: [file], skipped: [] };
}
