/**
 * How HEAD moved since a snapshot, and which commits came from elsewhere.
 *
 * A checkout, a reset, a fast-forward, or the start of a rebase brings content that somebody committed
 * before: files that are now exactly as in such a commit are not this turn's work. Commits, amended
 * commits, cherry-picks and everything unknown count as made in this turn.
 */
import { join } from 'node:path';
import { readRefLog } from './ref-log.ts';
import type { RefMove } from './ref-log.ts';
import type { Repo } from './repo.ts';

/** What a log says of a move to something that was committed before. */
export const BRINGS: RegExp =
  /^(?:checkout: moving |reset: moving |clone: |rebase (?:-i )?\(start\)|pull --rebase[^:]*\(start\)|(?:merge|pull)\b[^:]*: Fast-forward)/;
/** What a log says of a merge that made a commit. */
export const MERGES: RegExp = /^(?:merge|pull)\b[^:]*: |^commit \(merge\)/;
const NO_COMMIT = /^0+$/;
const MAX_COMMITS = 64;

/** Commits older than `sinceMs` to which HEAD moved after the log had `fromByte` bytes, newest last. */
export async function broughtIn(
  repo: Repo,
  oldHead: string | undefined,
  fromByte: number,
  sinceMs: number,
): Promise<readonly string[]> {
  if (repo.head === oldHead || repo.head === undefined) return [];
  const entries = readMoves(repo, fromByte);
  const last = entries.at(-1);
  // A log that does not lead to HEAD (switched off, cut, replaced) says nothing; the commits' dates do.
  const known = last !== undefined && last.to === repo.head;
  const candidates = known
    ? entries.filter(({ what }) => BRINGS.test(what)).map(({ to }) => to)
    : [repo.head];
  const merges = known ? entries.filter(({ what }) => MERGES.test(what)).map(({ to }) => to) : [];
  const merged = await parentsOf(repo, merges);
  const wanted = new Set([...candidates, ...merged].filter((commit) => commit !== oldHead));
  const dates = await commitDates(repo, [...wanted].slice(-MAX_COMMITS));
  // The snapshot's second is over when a commit of the next one is made.
  const before = Math.floor(sinceMs / 1000);
  return [...dates].filter(([, seconds]) => seconds < before).map(([commit]) => commit);
}

/** Where HEAD was at `sinceMs`, as far as its log goes back; undefined before the first commit. */
export async function headAt(repo: Repo, sinceMs: number): Promise<string | undefined> {
  const since = Math.floor(sinceMs / 1000);
  const first = readMoves(repo, 0).find(({ seconds }) => seconds >= since);
  if (first === undefined) return repo.head;
  if (!NO_COMMIT.test(first.from)) return first.from;
  // The log begins here: a clone or a new worktree if the commit is older, else a first commit.
  const dates = await commitDates(repo, [first.to]);
  return (dates.get(first.to) ?? since) < since ? first.to : undefined;
}

function readMoves(repo: Repo, fromByte: number): readonly RefMove[] {
  const { moves, size } = readRefLog(join(repo.gitDir, 'logs', 'HEAD'), fromByte);
  return size < fromByte ? [] : moves;
}

/** Parents but the first of each commit. */
async function parentsOf(repo: Repo, commits: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(commits.slice(-MAX_COMMITS).map((id) => readCommit(repo, id)));
  return texts.flatMap((commit) => commit?.parents.slice(1) ?? []);
}

async function commitDates(
  repo: Repo,
  commits: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const dates = new Map<string, number>();
  for (const id of commits) {
    const commit = await readCommit(repo, id);
    if (commit !== undefined) dates.set(id, commit.seconds);
  }
  return dates;
}

export interface Commit {
  readonly parents: readonly string[];
  /** Committer's date, seconds since the epoch. */
  readonly seconds: number;
}

/** The header of commit `id`, a full id; undefined if there is no such commit. */
export async function readCommit(repo: Repo, id: string): Promise<Commit | undefined> {
  const answer = await repo.ask({ command: 'cat-file', args: ['commit', id] });
  if (answer.kind === 'failed') return undefined;
  const header = answer.value.toString('latin1').split('\n\n', 1)[0] ?? '';
  const parents = Array.from(
    header.matchAll(/^parent ([0-9a-f]+)$/gm),
    ([, parent = '']) => parent,
  );
  const seconds = Number(/^committer .*> (\d+) [+-]\d+$/m.exec(header)?.[1] ?? Number.NaN);
  return { parents, seconds };
}
