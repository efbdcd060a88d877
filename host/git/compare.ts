/** Which paths of a repository are not what they were: by identity, before anything is read. */
import type { Skipped } from '../../orchestrator/change.ts';
import type { BytePath } from './path.ts';
import { diffTrees } from './raw-diff.ts';
import type { Identity, RawDiff } from './raw-diff.ts';
import { inRepo } from './repos.ts';
import type { NamedState } from './repos.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import { sameStat } from './state.ts';
import type { WorktreeFile } from './state.ts';
import { openWorktree } from './worktree.ts';

/** What a repository is compared with: a commit, and what differed from it at that time. */
export interface Base {
  readonly head: string | undefined;
  /** Index entries that differed from `head`; undefined: not in the index. */
  readonly staged: ReadonlyMap<BytePath, Identity | undefined>;
  /** Tracked files that were not as in the index; undefined: not there. */
  readonly touched: ReadonlyMap<BytePath, WorktreeFile | undefined>;
  readonly untracked: ReadonlyMap<BytePath, WorktreeFile>;
  /**
   * Set when not all untracked files of that time are known: one that has not changed since was there.
   * Only then, since a file in a folder that was moved here is new and keeps its times.
   */
  readonly incompleteSinceMs: number | undefined;
  /** Commits made elsewhere to which HEAD moved since: content as in one of them is nobody's work here. */
  readonly broughtIn: readonly string[];
}

/** Something that was at a path earlier. */
export interface Prior extends Identity {
  /** What git had at the path at that time, for when the content itself was not kept. */
  readonly tracked: Identity | undefined;
}

export interface Difference {
  readonly path: BytePath;
  /** What may count as the content before, the base's own first; empty where there was nothing. */
  readonly priors: readonly Prior[];
  readonly now: Identity | undefined;
  /** Content is read from the worktree; else it is a blob. */
  readonly inWorktree: boolean;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  readonly skipped: readonly Skipped[];
}

/** The kernel's clock for files may lag behind the one that dates a snapshot. */
export const CLOCK_LAG_MS = 50;

export async function compare(
  base: Base,
  { label, state }: NamedState,
): Promise<GitResult<Comparison>> {
  const moved = await diffTrees(state.repo, base.head, state.repo.head);
  if (moved.kind === 'failed') return moved;
  const tips: RawDiff[] = [];
  for (const commit of base.broughtIn) {
    const tip = await diffTrees(state.repo, commit, state.repo.head);
    if (tip.kind === 'ok') tips.push(tip.value);
  }
  const headNow = (path: BytePath): Identity | undefined =>
    state.staged.has(path) ? state.staged.get(path)?.before : state.index.get(path);
  const inTree = (tree: RawDiff, path: BytePath): Identity | undefined =>
    tree.has(path) ? tree.get(path)?.before : headNow(path);
  const trackedBefore = (path: BytePath): Identity | undefined =>
    base.staged.has(path) ? base.staged.get(path) : inTree(moved.value, path);
  const before = (path: BytePath): Identity | undefined =>
    base.touched.has(path)
      ? base.touched.get(path)
      : (base.untracked.get(path) ?? trackedBefore(path));
  const worktreeNow = (path: BytePath): WorktreeFile | undefined =>
    state.touched.get(path) ?? state.untracked.get(path);
  const now = (path: BytePath): Identity | undefined =>
    state.touched.has(path)
      ? state.touched.get(path)
      : (worktreeNow(path) ?? state.index.get(path));

  const candidates = new Set<BytePath>([
    ...moved.value.keys(),
    ...base.staged.keys(),
    ...base.touched.keys(),
    ...base.untracked.keys(),
    ...state.staged.keys(),
    ...state.touched.keys(),
    ...state.untracked.keys(),
  ]);
  const worktree = openWorktree(state.repo.root);
  const nested = new Set(state.embedded);
  const differences: Difference[] = [];
  const skipped: Skipped[] = [];
  if (base.incompleteSinceMs !== undefined || (state.untrackedLeft ?? 0) > 0) {
    const reason = 'too many untracked files: only those that changed by themselves were looked at';
    skipped.push({ path: inRepo(label, ''), reason });
  }
  for (const path of candidates) {
    const was = before(path);
    const is = now(path);
    const file = worktreeNow(path);
    if (isSame(was, is)) continue;
    if (was === undefined && file !== undefined && wasThere(file, base.incompleteSinceMs)) continue;
    if (is === undefined && (nested.has(path) || worktree.find(path) !== undefined)) {
      skipped.push({ path: inRepo(label, path), reason: 'is not followed by git any more' });
      continue;
    }
    const elsewhere = tips.map((tip) => inTree(tip, path));
    if (elsewhere.some((other) => isSame(other, is))) continue;
    const tracked = trackedBefore(path);
    const priors = [was, ...elsewhere].flatMap((prior) =>
      prior === undefined ? [] : [{ mode: prior.mode, oid: prior.oid, tracked }],
    );
    const inWorktree = file !== undefined && file.mode !== '160000';
    differences.push({ path, priors: distinct(priors), now: is, inWorktree });
  }
  return ok({ differences, skipped });
}

function isSame(a: Identity | undefined, b: Identity | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.mode !== b.mode) return false;
  if (a.oid !== '' && b.oid !== '') return a.oid === b.oid;
  return hasStat(a) && hasStat(b) && sameStat(a.stat, b.stat);
}

function hasStat(identity: Identity): identity is WorktreeFile {
  return 'stat' in identity;
}

function wasThere({ stat: [, , ctimeMs] }: WorktreeFile, sinceMs: number | undefined): boolean {
  return sinceMs !== undefined && ctimeMs < sinceMs - CLOCK_LAG_MS;
}

function distinct(priors: readonly Prior[]): readonly Prior[] {
  return [...new Map(priors.map((prior) => [`${prior.mode} ${prior.oid}`, prior])).values()];
}
