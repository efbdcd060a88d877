/** What a turn changed: the worktrees now, against a snapshot. */
import type { ChangedFile, ChangeSet, Skipped } from '../../orchestrator/change.ts';
import { recorded, recordedBase, stateOptionsFor, unseenBase } from './base.ts';
import type { Recorded } from './base.ts';
import { compare } from './compare.ts';
import { readChanges } from './content.ts';
import type { ContentStore } from './kept.ts';
import type { Environment } from './program.ts';
import { readStates } from './repos.ts';
import type { NamedState } from './repos.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import type { Snapshot } from './snapshot.ts';

export interface ChangesOptions {
  readonly env: Environment;
  /** Folders (absolute) whose repositories count too, though the snapshot may not have them. */
  readonly also?: readonly string[];
  /** The store that the snapshot's content was kept in. */
  readonly keep?: ContentStore;
}

export interface RepoChanges {
  readonly changes: ChangeSet;
  /** Real path of each root by the name that `ChangedFile.repo` gives it. */
  readonly roots: ReadonlyMap<string, string>;
  /** Full id of the commit that changed so, or of the one that is checked out; absent where there is none. */
  readonly commit?: string;
  /** Whether that commit is the one that is checked out. */
  readonly isHead?: boolean;
}

/**
 * Everything that differs from `snapshot`, by content: edited, created, deleted, renamed, made executable,
 * committed or not.
 *
 * Attribution when HEAD moved: a file that is exactly as in an older commit to which HEAD was moved
 * (checkout, reset, fast-forward, merge, the start of a rebase) was brought in and is left out; a commit,
 * an amended commit, a cherry-pick or the picks of a rebase show up as what they changed against the
 * snapshot. What was committed and is not in the worktree any more is left to a review of the commit.
 */
export async function changesSince(
  snapshot: Snapshot,
  options: ChangesOptions,
): Promise<GitResult<RepoChanges>> {
  const { takenAtMs } = snapshot;
  const since = new Map(snapshot.repos.map((repo) => [repo.root, recorded(repo)]));
  const [first = '', ...also] = [...since.keys(), ...(options.also ?? [])];
  const states = await readStates(first, also, options.env, (root) =>
    stateOptionsFor(since.get(root), takenAtMs),
  );
  if (states.kind === 'failed') return states;
  const files: ChangedFile[] = [];
  const skipped: Skipped[] = [...states.value.skipped];
  for (const named of states.value.named) {
    const earlier = since.get(named.state.repo.root);
    const changed = await changesOf(named, earlier, takenAtMs, options.keep);
    if (changed.kind === 'failed') {
      if (named.label === '') return changed;
      skipped.push({ path: named.label, reason: changed.detail });
      continue;
    }
    files.push(...changed.value.files);
    skipped.push(...changed.value.skipped);
  }
  const roots = new Map(states.value.named.map(({ label, state }) => [label, state.repo.root]));
  const seen = new Set(roots.values());
  for (const [root, { snapshot }] of since) {
    if (seen.has(root) || skipped.some(({ path }) => path === snapshot.label)) continue;
    skipped.push({ path: snapshot.label, reason: 'was a repository and is none any more' });
  }
  return ok({ changes: { files, skipped }, roots });
}

/**
 * True when `changesSince` has nothing to say, no file and nothing skipped; false is not certain. Reads only
 * files that were written to.
 */
export async function isUnchangedSince(
  snapshot: Snapshot,
  options: Pick<ChangesOptions, 'env' | 'also'>,
): Promise<boolean> {
  const since = new Map(snapshot.repos.map((repo) => [repo.root, recorded(repo)]));
  const [first = '', ...also] = [...since.keys(), ...(options.also ?? [])];
  const states = await readStates(first, also, options.env, (root) =>
    stateOptionsFor(since.get(root), snapshot.takenAtMs),
  );
  if (states.kind === 'failed' || states.value.skipped.length > 0) return false;
  const { named } = states.value;
  if (named.length < since.size) return false;
  for (const each of named) {
    const earlier = since.get(each.state.repo.root);
    const compared = await differencesOf(each, earlier, snapshot.takenAtMs);
    if (compared.kind === 'failed') return false;
    if (compared.value.differences.length + compared.value.skipped.length > 0) return false;
  }
  return true;
}

async function differencesOf(
  named: NamedState,
  since: Recorded | undefined,
  takenAtMs: number,
): ReturnType<typeof compare> {
  const base =
    since === undefined
      ? await unseenBase(named.state, takenAtMs)
      : await recordedBase(since, named.state.repo, takenAtMs);
  return compare(base, named);
}

async function changesOf(
  named: NamedState,
  since: Recorded | undefined,
  takenAtMs: number,
  keep: ContentStore | undefined,
): Promise<GitResult<ChangeSet>> {
  const { label, state } = named;
  const compared = await differencesOf(named, since, takenAtMs);
  if (compared.kind === 'failed') return compared;
  const read = await readChanges(label, state.repo, compared.value.differences, keep);
  if (read.kind === 'failed') return read;
  const { files, skipped } = read.value;
  return ok({ files, skipped: [...compared.value.skipped, ...skipped] });
}
