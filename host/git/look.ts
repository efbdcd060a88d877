/**
 * What was committed and pushed since an earlier look at a repository, told by its refs and their logs: whatever made
 * the commits, and whatever it printed.
 *
 * A commit that came from elsewhere is none: one that a remote-tracking ref has and no push put there, or to which a
 * checkout, a reset, a fast-forward or a fetch moved a ref and that is older than the time that is asked about.
 */
import { branchMoves, broughtIn, movesToTell, oldTips, pushes } from './look-moves.ts';
import type { BranchMoves, Push } from './look-moves.ts';
import type { RefLog } from './ref-log.ts';
import { headNames, isRemote, logOf, readRefs, refStamp } from './refs.ts';
import type { Refs } from './refs.ts';
import type { Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import { listCommits } from './rev-list.ts';
import type { ListedCommit } from './rev-list.ts';
import { relatives } from './rewritten.ts';

/** JSON. */
export interface Look {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `RefStamp.text`. */
  readonly stamp: string;
  readonly refs: Refs;
  /** Where the logs of the HEADs ended, in bytes. */
  readonly logs: Readonly<Record<string, number>>;
}

export interface NewCommit {
  readonly id: string;
  /** When it was made, in milliseconds since 1970, as far as can be told. */
  readonly at: number;
  /** The commit that was amended, which has the same parents. */
  readonly amends?: string;
  /** A commit that it does the same as, on top of something else. */
  readonly copies?: string;
}

export interface Pushed {
  /** Name of the remote-tracking ref. */
  readonly ref: string;
  readonly to: string;
  readonly at: number;
  /** What remotes had before. */
  readonly had: readonly string[];
}

export interface Moved {
  readonly look: Look;
  /** Children before parents. */
  readonly commits: readonly NewCommit[];
  readonly pushed: readonly Pushed[];
  /** Set where more than `MAX_NEW` commits are new: then none of them is named. */
  readonly tooMany: boolean;
}

export interface Since {
  /** Milliseconds since 1970: what is older was brought from elsewhere. */
  readonly sinceMs: number;
  readonly nowMs: number;
}

/** New commits that are told apart. */
export const MAX_NEW = 200;
/** Logs and commits have clocks of whole seconds. */
const SECOND_MS = 1000;

/** A repository that was not looked at before is compared with how its logs say that it was at `sinceMs`. */
export async function lookAgain(
  repo: Repo,
  before: Look | undefined,
  { sinceMs, nowMs }: Since,
): Promise<GitResult<Moved>> {
  // First: what moves while refs are read is seen by the next look.
  const { text: stamp, newestMs } = refStamp(repo);
  const read = await readRefs(repo);
  if (read.kind === 'failed') return read;
  const refs = read.value;
  const heads = headNames(repo).map((name) => ({
    name,
    log: logOf(repo, name, before?.logs[name]),
  }));
  const logs = Object.fromEntries(heads.map(({ name, log }) => [name, log.size]));
  const fromMs = (before?.at ?? sinceMs) - 2 * SECOND_MS;
  const moves = heads.flatMap((head) => movesToTell(head, before?.logs, fromMs));
  const branches = branchMoves(repo, refs, before?.refs, fromMs);
  const pushed = pushes(repo, refs, before?.refs, fromMs);
  const old = before === undefined ? oldTips(refs, heads, branches, fromMs) : localIds(before.refs);
  const remotes = remoteIds(refs, pushed);
  const brought = await broughtIn(repo, [...moves, ...branches.flatMap((each) => each.moves)], {
    sinceMs,
    known: old,
  });
  const tips = [...localIds(refs)].filter((id) => !old.has(id));
  const listed = await listCommits(repo, tips, [...old, ...remotes, ...brought], MAX_NEW + 1);
  if (listed.kind === 'failed') return listed;
  const made = listed.value.filter(
    ({ seconds }) => before !== undefined || seconds * SECOND_MS >= fromMs,
  );
  const tooMany = made.length > MAX_NEW;
  const kin = tooMany
    ? undefined
    : await relatives(repo, made, { moves, moved: movedRefs(refs, before?.refs, branches) });
  if (kin?.kind === 'failed') return kin;
  const timeOf = clockOf(heads, { fromMs, nowMs, newestMs });
  return ok({
    look: { at: nowMs, stamp, refs, logs },
    commits: tooMany
      ? []
      : made.map((commit) => ({ id: commit.id, at: timeOf(commit), ...kin?.value.get(commit.id) })),
    pushed: pushed.map(({ ref, to, at }) => ({ ref, to, at, had: [...remotes] })),
    tooMany,
  });
}

function localIds(refs: Refs): ReadonlySet<string> {
  const local = Object.entries(refs).filter(([name]) => !isRemote(name));
  return new Set(local.map(([, id]) => id));
}

/** A HEAD that stands for a branch moves whenever another one is checked out, which leaves nothing behind. */
function movedRefs(
  refs: Refs,
  before: Refs | undefined,
  branches: readonly BranchMoves[],
): readonly { readonly from: string; readonly to: string }[] {
  const old: Refs =
    before ??
    Object.fromEntries(
      branches.flatMap(({ name, moves: [first] }) =>
        first === undefined ? [] : [[name, first.from]],
      ),
    );
  const branchIds = new Set(
    Object.entries(old).flatMap(([name, id]) => (name.startsWith('refs/') ? [id] : [])),
  );
  return Object.entries(refs).flatMap(([name, to]) => {
    const from = old[name];
    if (from === undefined || from === to || isRemote(name)) return [];
    return name.startsWith('refs/') || !branchIds.has(from) ? [{ from, to }] : [];
  });
}

/** What remotes had, apart from what was pushed to them. */
function remoteIds(refs: Refs, pushed: readonly Push[]): ReadonlySet<string> {
  const before = new Map(pushed.map(({ ref, from }) => [ref, from]));
  const ids = Object.entries(refs).flatMap(([name, id]) => {
    if (!isRemote(name)) return [];
    const had = before.has(name) ? before.get(name) : id;
    return had === undefined ? [] : [had];
  });
  return new Set(ids);
}

interface Span {
  readonly fromMs: number;
  readonly nowMs: number;
  readonly newestMs: number;
}

/** The environment can set a log's clock and a commit's date to anything, but not when a file was written. */
function clockOf(
  heads: readonly { readonly log: RefLog }[],
  { fromMs, nowMs, newestMs }: Span,
): (commit: ListedCommit) => number {
  const isOfNow = (ms: number): boolean => ms >= fromMs && ms <= nowMs + 2 * SECOND_MS;
  const own = new Map<string, number>();
  for (const { log } of heads)
    for (const { to, seconds } of log.moves)
      own.set(to, isOfNow(seconds * SECOND_MS) ? seconds * SECOND_MS : log.mtimeMs);
  return ({ id, seconds }) =>
    own.get(id) ?? (isOfNow(seconds * SECOND_MS) ? seconds * SECOND_MS : newestMs);
}
