/**
 * What a repository is like at one moment: HEAD, the index against it, and the content of every file of
 * the worktree that differs from the index or is not in it. Files that are as in the index are not read.
 */
import type { BytePath } from './path.ts';
import { isSafePath } from './path.ts';
import { readIndex } from './index-file.ts';
import type { ContentStore } from './kept.ts';
import { readStatus } from './status.ts';
import type { Identity, RawDiff } from './raw-diff.ts';
import type { Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import { blobId, openWorktree } from './worktree.ts';
import type { FileStat, Found, Worktree } from './worktree.ts';

/** A file of the worktree, by content where it was read (`oid` is not empty), else by stat data. */
export interface WorktreeFile extends Identity {
  readonly stat: FileStat;
}

export interface RepoState {
  readonly repo: Repo;
  /** What the index holds, conflicts left out; only odd entries unless it was wanted in full. */
  readonly index: ReadonlyMap<BytePath, Identity>;
  /** Where HEAD and the index differ. */
  readonly staged: RawDiff;
  /** Tracked files that are not known to be as in the index; `undefined`: not there. */
  readonly touched: Map<BytePath, WorktreeFile | undefined>;
  readonly untracked: ReadonlyMap<BytePath, WorktreeFile>;
  /** Untracked files that were left out, undefined when git could not list them. */
  readonly untrackedLeft: number | undefined;
  /** Folders with a repository of their own: submodules, and others that git does not enter. */
  readonly submodules: readonly BytePath[];
  readonly embedded: readonly BytePath[];
  /** Paths that would lead out of the root; nothing else is done with them. */
  readonly unsafe: readonly BytePath[];
}

export interface StateOptions {
  /** Whether `RepoState.index` is wanted in full. */
  readonly whole?: boolean;
  /** What was known earlier: a file with the same stat data is not read again. */
  readonly known?: (path: BytePath) => WorktreeFile | undefined;
  /** Whether an untracked file matters; called for those beyond `maxUntracked`. */
  readonly matters?: (path: BytePath, stat: FileStat) => boolean;
  readonly keep?: ContentStore;
}

const MAX_UNTRACKED = 5000;
const MAX_HASHED_BYTES = 16 * 1024 * 1024;
const MAX_UNTRACKED_HASHED_BYTES = 256 * 1024;
const MAX_UNTRACKED_HASHED = 1000;
/** So many files are looked at before other work gets its turn. */
const BATCH = 1024;

/** Reads the state of `repo` as it is now. */
export async function readState(repo: Repo, options: StateOptions): Promise<GitResult<RepoState>> {
  // The index is parsed while git works.
  const [status, index] = await Promise.all([
    readStatus(repo),
    readIndex(repo, options.whole ? 'all' : 'unusual'),
  ]);
  if (index.kind === 'failed') return index;
  if (status.kind === 'failed') return status;
  const { staged, embedded, untracked: names } = status.value;
  const worktree = openWorktree(repo.root);
  const doubtful = new Set(status.value.touched);
  const known = new Map<BytePath, Identity>();
  const submodules: BytePath[] = [];
  const unsafe: BytePath[] = [];
  for (const entry of index.value) {
    const { path } = entry;
    const mode = octal(entry.mode);
    if (!isSafePath(path)) unsafe.push(path);
    else if (entry.mode === 0o160000) submodules.push(path);
    // Git does not look at files that it was told not to look at.
    else if (entry.assumeUnchanged || (entry.skipWorktree && worktree.find(path)))
      doubtful.add(path);
    if (entry.stage === 0 && !entry.intentToAdd) known.set(path, { mode, oid: entry.oid });
  }
  const touched = new Map<BytePath, WorktreeFile | undefined>();
  const links = new Set(submodules);
  for (const path of doubtful) {
    if (links.has(path) || !isSafePath(path)) continue;
    const found = worktree.find(path);
    const file = found && identify(repo, worktree, path, found, options, MAX_HASHED_BYTES);
    touched.set(path, file);
  }
  const { untracked, left } = await readUntracked(repo, worktree, names ?? [], options);
  return ok({
    repo,
    index: known,
    staged,
    touched,
    untracked,
    untrackedLeft: names === undefined ? undefined : left,
    submodules,
    embedded: embedded.filter(isSafePath),
    unsafe,
  });
}

async function readUntracked(
  repo: Repo,
  worktree: Worktree,
  names: readonly BytePath[],
  options: StateOptions,
): Promise<{ untracked: ReadonlyMap<BytePath, WorktreeFile>; left: number }> {
  const untracked = new Map<BytePath, WorktreeFile>();
  let left = 0;
  let hashed = 0;
  for (const [i, path] of names.entries()) {
    if (i % BATCH === BATCH - 1) await new Promise(setImmediate);
    const within = untracked.size < MAX_UNTRACKED;
    if (!within && options.matters === undefined) {
      left = names.length - i;
      break;
    }
    const found = worktree.find(path);
    if (found === undefined) continue;
    if (!within && options.matters?.(path, found.stat) !== true) {
      left++;
      continue;
    }
    const limit = hashed++ < MAX_UNTRACKED_HASHED ? MAX_UNTRACKED_HASHED_BYTES : 0;
    untracked.set(path, identify(repo, worktree, path, found, options, limit));
  }
  return { untracked, left };
}

function identify(
  repo: Repo,
  worktree: Worktree,
  path: BytePath,
  found: Found,
  options: StateOptions,
  maxBytes: number,
): WorktreeFile {
  const earlier = options.known?.(path);
  if (earlier !== undefined && earlier.mode === found.mode && sameStat(earlier.stat, found.stat)) {
    return earlier;
  }
  const read = maxBytes > 0 ? worktree.read(path, maxBytes) : undefined;
  if (read?.kind !== 'bytes') return { mode: found.mode, oid: '', stat: found.stat };
  const oid = blobId(repo.format, read.bytes);
  options.keep?.put(oid, read.bytes);
  return { mode: read.mode, oid, stat: found.stat };
}

export function sameStat(a: FileStat, b: FileStat): boolean {
  return a.every((value, i) => value === b[i]);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(6, '0');
}
