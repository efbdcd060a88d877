/**
 * What a repository was like when a turn began, as plain data: ids, modes and stat data, never content.
 * Content that git does not have goes to a `ContentStore`, if one is given.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Skipped } from '../../orchestrator/change.ts';
import type { ContentStore } from './kept.ts';
import type { BytePath } from './path.ts';
import type { Environment } from './program.ts';
import { readStates } from './repos.ts';
import type { Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import type { NamedState } from './repos.ts';
import type { WorktreeFile } from './state.ts';

/** An id is empty where a file was not read, a mode where there is no file. Times in ms since the epoch. */
type StagedRow = readonly [path: BytePath, mode: string, oid: string];
type FileRow = readonly [
  path: BytePath,
  mode: string,
  oid: string,
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  ino: number,
];

export interface RepoSnapshot {
  /** Empty for the first repository, else as shown to people. */
  readonly label: string;
  /** Real path. */
  readonly root: string;
  /** Null before the first commit. */
  readonly head: string | null;
  /** Where the log of HEAD's movements ended. */
  readonly reflogBytes: number;
  /** Index entries that differ from HEAD; all others are as in HEAD. */
  readonly staged: readonly StagedRow[];
  /** Tracked files that are not known to be as in the index; all others are as in the index. */
  readonly touched: readonly FileRow[];
  readonly untracked: readonly FileRow[];
  /** Whether untracked files were left out of the list. */
  readonly untrackedComplete: boolean;
}

/** JSON-serialisable. Paths have one character per byte. */
export interface Snapshot {
  readonly version: 1;
  /** Milliseconds since the epoch. */
  readonly takenAtMs: number;
  readonly repos: readonly RepoSnapshot[];
  readonly skipped: readonly Skipped[];
}

export interface SnapshotOptions {
  readonly env: Environment;
  readonly nowMs: number;
  /** Folders (absolute) whose repositories count too. */
  readonly also?: readonly string[];
  /** Keeps the content of modified and untracked files, so that later changes to them can be told apart. */
  readonly keep?: ContentStore;
}

/** Records the repository of `folder` (absolute) and those inside it. Runs nothing but git's plumbing. */
export async function takeSnapshot(
  folder: string,
  options: SnapshotOptions,
): Promise<GitResult<Snapshot>> {
  const { env, nowMs, also = [], keep } = options;
  const stateOptions = keep === undefined ? {} : { keep };
  const states = await readStates(folder, also, env, () => stateOptions);
  if (states.kind === 'failed') return states;
  const { named, skipped } = states.value;
  return ok({ version: 1, takenAtMs: nowMs, repos: named.map(repoSnapshot), skipped });
}

function repoSnapshot({ label, state }: NamedState): RepoSnapshot {
  return {
    label,
    root: state.repo.root,
    head: state.repo.head ?? null,
    reflogBytes: reflogBytes(state.repo),
    staged: Array.from(state.staged, ([path, { after }]) => [
      path,
      after?.mode ?? '',
      after?.oid ?? '',
    ]),
    touched: Array.from(state.touched, fileRow),
    untracked: Array.from(state.untracked, fileRow),
    untrackedComplete: state.untrackedLeft === 0,
  };
}

function fileRow([path, file]: readonly [BytePath, WorktreeFile | undefined]): FileRow {
  if (file === undefined) return [path, '', '', 0, 0, 0, 0];
  return [path, file.mode, file.oid, ...file.stat];
}

function reflogBytes(repo: Repo): number {
  try {
    return lstatSync(join(repo.gitDir, 'logs', 'HEAD'), { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return 0;
  }
}

/** A moment of which no repository is known: whatever changed later, in any, is new. */
export function emptySnapshot(takenAtMs: number): Snapshot {
  return { version: 1, takenAtMs, repos: [], skipped: [] };
}

/** Ids of the content that `snapshot` refers to and git may not have. */
export function contentOf({ repos }: Snapshot): ReadonlySet<string> {
  return new Set(
    repos.flatMap(({ touched, untracked }) => [...touched, ...untracked].map(([, , oid]) => oid)),
  );
}

/** A snapshot read back from JSON, or undefined if this is none of this version. */
export function parseSnapshot(value: unknown): Snapshot | undefined {
  return isSnapshot(value) ? value : undefined;
}

function isSnapshot(value: unknown): value is Snapshot {
  if (!isRecord(value)) return false;
  const { version, takenAtMs, repos, skipped } = value;
  return (
    version === 1 &&
    typeof takenAtMs === 'number' &&
    Array.isArray(repos) &&
    repos.every(isRepoSnapshot) &&
    Array.isArray(skipped)
  );
}

function isRepoSnapshot(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { label, root, head, reflogBytes, staged, touched, untracked, untrackedComplete } = value;
  return (
    typeof label === 'string' &&
    typeof root === 'string' &&
    (head === null || typeof head === 'string') &&
    typeof reflogBytes === 'number' &&
    isRows(staged, 3) &&
    isRows(touched, 7) &&
    isRows(untracked, 7) &&
    typeof untrackedComplete === 'boolean'
  );
}

/** Rows of three texts, then numbers. */
function isRows(value: unknown, length: number): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (row: unknown) =>
        Array.isArray(row) &&
        row.length === length &&
        row.every((cell: unknown, i) => typeof cell === (i < 3 ? 'string' : 'number')),
    )
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
