/** The repositories below a folder's own: submodules and others that git does not enter. */
import { join, sep } from 'node:path';
import type { Skipped } from '../../orchestrator/change.ts';
import type { BytePath } from './path.ts';
import { displayPath } from './path.ts';
import type { Environment } from './program.ts';
import { findRepo } from './repo.ts';
import type { Repo } from './repo.ts';
import type { GitResult } from './result.ts';
import { ok } from './result.ts';
import { readState } from './state.ts';
import type { RepoState, StateOptions } from './state.ts';

/** A repository's state with the name by which people know it. */
export interface NamedState {
  /** Empty for the first repository, else its path below that one, or its absolute path. */
  readonly label: string;
  readonly state: RepoState;
}

export interface States {
  readonly named: readonly NamedState[];
  readonly skipped: readonly Skipped[];
}

interface Collecting {
  readonly env: Environment;
  readonly optionsFor: (root: string) => StateOptions;
  readonly named: NamedState[];
  readonly skipped: Skipped[];
}

export const LEADS_OUT = 'leads out of the repository';

const MAX_REPOS = 50;
const MAX_DEPTH = 3;

/**
 * States of the repository of `folder`, of those inside it, and of those of the folders in `also`.
 * Only a failure of the first one fails the whole; others are said in `skipped`.
 */
export async function readStates(
  folder: string,
  also: readonly string[],
  env: Environment,
  optionsFor: (root: string) => StateOptions,
): Promise<GitResult<States>> {
  const all: Collecting = { env, optionsFor, named: [], skipped: [] };
  const first = await findRepo(folder, env);
  if (first.kind === 'failed') return first;
  const failure = await collect(all, '', first.value, 0);
  if (failure !== undefined) return failure;
  for (const other of also) {
    const repo = await findRepo(other, env);
    if (repo.kind === 'failed') {
      // A folder of no repository is no loss: it has no changes that git knows of.
      if (repo.reason !== 'not-a-repo') all.skipped.push({ path: other, reason: repo.detail });
    } else if (!all.named.some(({ state }) => state.repo.root === repo.value.root)) {
      const label = relativeTo(first.value.root, repo.value.root);
      await collect(all, label, repo.value, 0);
    }
  }
  return ok({ named: all.named, skipped: all.skipped });
}

async function collect(
  all: Collecting,
  label: string,
  repo: Repo,
  depth: number,
): Promise<GitResult<never> | undefined> {
  const read = await readState(repo, all.optionsFor(repo.root));
  if (read.kind === 'failed') {
    all.skipped.push({ path: label === '' ? '.' : label, reason: read.detail });
    return read;
  }
  const state = read.value;
  all.named.push({ label, state });
  for (const path of state.unsafe) {
    all.skipped.push({ path: inRepo(label, path), reason: LEADS_OUT });
  }
  if (state.untrackedLeft === undefined) {
    const reason = 'git could not list the untracked files: too many, or it took too long';
    all.skipped.push({ path: inRepo(label, ''), reason });
  }
  for (const path of [...state.submodules, ...state.embedded]) {
    const nested = await nestedRepo(all, label, repo, path, depth);
    if (nested === undefined) continue;
    const isSubmodule = state.index.get(path)?.mode === '160000';
    if (isSubmodule && nested.head !== undefined && nested.head !== state.index.get(path)?.oid) {
      state.touched.set(path, { mode: '160000', oid: nested.head, stat: [0, 0, 0, 0] });
    }
    await collect(all, inRepo(label, path), nested, depth + 1);
  }
  return undefined;
}

async function nestedRepo(
  all: Collecting,
  label: string,
  repo: Repo,
  path: BytePath,
  depth: number,
): Promise<Repo | undefined> {
  const shown = inRepo(label, path);
  const text = displayPath(path);
  if (Buffer.from(text, 'utf8').toString('latin1') !== path) {
    all.skipped.push({ path: shown, reason: 'a repository in a folder whose name is not UTF-8' });
    return undefined;
  }
  const folder = join(repo.root, text);
  const nested = await findRepo(folder, all.env, true);
  if (nested.kind === 'failed') {
    // A submodule that is not checked out has nothing to look at.
    if (nested.reason !== 'not-a-repo') all.skipped.push({ path: shown, reason: nested.detail });
    return undefined;
  }
  // By way of a symbolic link the folder would be somewhere else.
  if (nested.value.root !== folder) {
    all.skipped.push({ path: shown, reason: LEADS_OUT });
    return undefined;
  }
  if (all.named.length >= MAX_REPOS || depth >= MAX_DEPTH) {
    all.skipped.push({ path: shown, reason: 'too many repositories inside one another' });
    return undefined;
  }
  return nested.value;
}

/** `path` below `root` with `/`, or as it is. */
function relativeTo(root: string, path: string): string {
  return path.startsWith(root + sep) ? path.slice(root.length + 1).replaceAll(sep, '/') : path;
}

/** A path as shown to people when there is more than one repository. */
export function inRepo(label: string, path: BytePath): string {
  const shown = displayPath(path);
  if (label === '') return shown === '' ? '.' : shown;
  return shown === '' ? label : `${label}/${shown}`;
}
