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

/** Another file of a pair's repository, by side. */
export interface PairFile {
  readonly path: string;
  /** False: it stands there before and after, and is only context. */
  readonly isChanged: boolean;
  /** Of a changed one; absent when the change adds it. */
  readonly before?: string;
  readonly vulnerable: string;
  readonly fixed: string;
}

/** A program that attacks one side. */
export interface Proof {
  readonly run: (typeof PROOF_PROGRAMS)[number];
  /** Its input, run in the folder of the files. Its last line is `exploited` or `held`. */
  readonly script: string;
}
export const PROOF_PROGRAMS = ['node', 'python3', 'sh'] as const;

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
  /** Other files; only a reviewer who looks around sees those that the change leaves alone. */
  readonly files?: readonly PairFile[];
  /** Code of the vulnerable side, one to five lines each; a finding at any of them is at the right place. */
  readonly quotes: readonly string[];
  /** The same in other files. */
  readonly elsewhere?: readonly { readonly path: string; readonly quote: string }[];
  /** Shows that the one side can be attacked and the other cannot; absent where the language does not run here. */
  readonly proof?: Proof;
  /** A line of both sides that tells a reviewer to say nothing. */
  readonly injected?: string;
  /** Why the one side is a defect and the other is not. */
  readonly note: string;
}

/** A side's files as the change leaves them, by path. */
export function treeOf(pair: Pair, side: Side): ReadonlyMap<string, string> {
  return new Map([
    [pair.path, pair[side]],
    ...(pair.files ?? []).map((file) => [file.path, file[side]] as const),
  ]);
}

/** The same before the change. */
export function treeBefore(
  { path, before, files = [] }: Pair,
  side: Side,
): ReadonlyMap<string, string> {
  return new Map([
    ...(before === undefined ? [] : [[path, before] as const]),
    ...files.flatMap((file) => {
      const text = file.isChanged ? file.before : file[side];
      return text === undefined ? [] : [[file.path, text] as const];
    }),
  ]);
}

/** A side of a pair as the change that a review gets. */
export function changeOf(pair: Pair, side: Side): ChangeSet {
  const then = treeBefore(pair, side);
  const encoder = new TextEncoder();
  const files = [...treeOf(pair, side)].flatMap(([path, text]) => {
    const before = then.get(path);
    if (before === text) return [];
    return {
      repo: '',
      path,
      status: before === undefined ? ('added' as const) : ('modified' as const),
      ...(before === undefined ? {} : { before: encoder.encode(before), beforeMode: '100644' }),
      after: encoder.encode(text),
      afterMode: '100644',
    };
  });
  return { files, skipped: [] };
}
