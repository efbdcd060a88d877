/** What a repository is compared with: what a snapshot recorded, or what can be told without one. */
import type { Base } from './compare.ts';
import { CLOCK_LAG_MS } from './compare.ts';
import { broughtIn, headAt } from './moves.ts';
import type { BytePath } from './path.ts';
import type { Identity } from './raw-diff.ts';
import type { Repo } from './repo.ts';
import type { RepoSnapshot } from './snapshot.ts';
import type { RepoState, StateOptions, WorktreeFile } from './state.ts';
import { openWorktree } from './worktree.ts';

type Files = ReadonlyMap<BytePath, WorktreeFile | undefined>;

/** A snapshot's rows as maps. */
export interface Recorded {
  readonly snapshot: RepoSnapshot;
  readonly staged: ReadonlyMap<BytePath, Identity | undefined>;
  readonly touched: Files;
  readonly untracked: ReadonlyMap<BytePath, WorktreeFile>;
}

export function recorded(snapshot: RepoSnapshot): Recorded {
  const untracked = new Map<BytePath, WorktreeFile>();
  for (const [path, file] of fileMap(snapshot.untracked)) {
    if (file !== undefined) untracked.set(path, file);
  }
  return {
    snapshot,
    staged: new Map(
      snapshot.staged.map(([path, mode, oid]) => [path, mode === '' ? undefined : { mode, oid }]),
    ),
    touched: fileMap(snapshot.touched),
    untracked,
  };
}

function fileMap(rows: RepoSnapshot['touched']): Files {
  return new Map(
    rows.map(([path, mode, oid, ...stat]) => [path, mode === '' ? undefined : { mode, oid, stat }]),
  );
}

/** How to read a state that is compared with `since`: nothing known is read again, nothing new left out. */
export function stateOptionsFor(since: Recorded | undefined, takenAtMs: number): StateOptions {
  const known = (path: BytePath): WorktreeFile | undefined =>
    since?.touched.get(path) ?? since?.untracked.get(path);
  return {
    whole: true,
    known: (path) => {
      const file = known(path);
      // A file that changed just before the snapshot may have changed again in the same tick.
      return file !== undefined && isOlder(file.stat[2], takenAtMs) ? file : undefined;
    },
    matters: (path, [, , ctimeMs]) => known(path) !== undefined || !isOlder(ctimeMs, takenAtMs),
  };
}

export async function recordedBase(since: Recorded, repo: Repo, takenAtMs: number): Promise<Base> {
  const { snapshot, staged, touched, untracked } = since;
  const head = snapshot.head ?? undefined;
  const commits = await broughtIn(repo, head, snapshot.reflogBytes, takenAtMs);
  const incompleteSinceMs = snapshot.untrackedComplete ? undefined : takenAtMs;
  return { head, staged, touched, untracked, incompleteSinceMs, broughtIn: commits };
}

/**
 * The base of a repository that the snapshot does not have: HEAD then by its log, and every file that has
 * not changed since. A file deleted before commit counts as deleted earlier.
 */
export async function unseenBase(state: RepoState, sinceMs: number): Promise<Base> {
  const worktree = openWorktree(state.repo.root);
  const isOld = (file: WorktreeFile | undefined): boolean =>
    file === undefined || isOlder(file.stat[2], sinceMs);
  const staged = [...state.staged].filter(([path]) => {
    const found = worktree.find(path);
    return found === undefined || isOlder(found.stat[2], sinceMs);
  });
  const head = await headAt(state.repo, sinceMs);
  return {
    head,
    staged: new Map(staged.map(([path, { after }]) => [path, after])),
    touched: new Map([...state.touched].filter(([, file]) => isOld(file))),
    untracked: new Map([...state.untracked].filter(([, file]) => isOld(file))),
    incompleteSinceMs: undefined,
    broughtIn: await broughtIn(state.repo, head, 0, sinceMs),
  };
}

function isOlder(timeMs: number, thanMs: number): boolean {
  return timeMs < thanMs - CLOCK_LAG_MS;
}
