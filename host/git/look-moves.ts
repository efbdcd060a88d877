/** What the logs of refs say about a span of time: moves, pushes, and where everything stood before. */
import { BRINGS, MERGES, readCommit } from './moves.ts';
import type { RefLog, RefMove } from './ref-log.ts';
import { logOf } from './refs.ts';
import type { Refs } from './refs.ts';
import type { Repo } from './repo.ts';

export interface HeadLog {
  readonly name: string;
  readonly log: RefLog;
}

export interface BranchMoves {
  readonly name: string;
  readonly moves: readonly RefMove[];
  readonly hasLog: boolean;
}

export interface Push {
  readonly ref: string;
  /** Undefined where the remote had none of this name. */
  readonly from: string | undefined;
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Of a repository with more branches than these, the logs of the first are read. */
const MAX_LOGS = 500;
const MAX_BROUGHT = 32;
const NO_COMMIT = /^0+$/;
/** What the log of a branch says of a commit that was there before. */
const BRANCH_BRINGS = /^(?:fetch |branch: )/;
const PUSH = /^update by push/;

/** Moves of a HEAD since a look that noted where its log ended, or since `fromMs` where none did. */
export function movesToTell(
  { name, log }: HeadLog,
  noted: Readonly<Record<string, number>> | undefined,
  fromMs: number,
): readonly RefMove[] {
  return noted?.[name] === undefined ? log.moves.filter(isSince(fromMs)) : log.moves;
}

/** Of branches that are not where they were in `before`; without one, of all that moved. */
export function branchMoves(
  repo: Repo,
  refs: Refs,
  before: Refs | undefined,
  fromMs: number,
): readonly BranchMoves[] {
  return changed(refs, before, 'refs/heads/').map(([name]) => {
    const log = logOf(repo, name);
    return { name, moves: movesSince(log, before?.[name], fromMs), hasLog: log.size > 0 };
  });
}

/** Remote-tracking refs that a push moved. */
export function pushes(
  repo: Repo,
  refs: Refs,
  before: Refs | undefined,
  fromMs: number,
): readonly Push[] {
  return changed(refs, before, 'refs/remotes/').flatMap(([ref]) => {
    const moves = movesSince(logOf(repo, ref), before?.[ref], fromMs);
    const last = moves.findLast(({ what }) => PUSH.test(what));
    if (last === undefined) return [];
    const from = before === undefined ? moves[0]?.from : before[ref];
    const had = from === undefined || NO_COMMIT.test(from) ? undefined : from;
    return [{ ref, from: had, to: last.to, at: last.seconds * 1000 }];
  });
}

/** Where HEADs and branches stood at `fromMs`, as far as their logs tell. */
export function oldTips(
  refs: Refs,
  heads: readonly HeadLog[],
  branches: readonly BranchMoves[],
  fromMs: number,
): ReadonlySet<string> {
  const old = new Set<string>();
  const add = (name: string, moves: readonly RefMove[], hasLog: boolean): void => {
    const then = moves[0]?.from ?? (hasLog ? refs[name] : undefined);
    if (then !== undefined && !NO_COMMIT.test(then)) old.add(then);
  };
  for (const { name, log } of heads) add(name, log.moves.filter(isSince(fromMs)), log.size > 0);
  for (const { name, moves, hasLog } of branches) add(name, moves, hasLog);
  return old;
}

/** Commits older than `sinceMs` to which `moves` led, without those that are `known`. */
export async function broughtIn(
  repo: Repo,
  moves: readonly RefMove[],
  { sinceMs, known }: { readonly sinceMs: number; readonly known: ReadonlySet<string> },
): Promise<readonly string[]> {
  const ids = (test: RegExp): string[] => [
    ...new Set(moves.filter(({ what }) => test.test(what)).map(({ to }) => to)),
  ];
  const read = (wanted: readonly string[]): ReturnType<typeof readCommit>[] =>
    wanted.slice(-MAX_BROUGHT).map((id) => readCommit(repo, id));
  const merges = await Promise.all(read(ids(MERGES)));
  const merged = merges.flatMap((commit) => commit?.parents.slice(1) ?? []);
  const wanted = [...new Set([...ids(BRINGS), ...ids(BRANCH_BRINGS), ...merged])]
    .filter((id) => !known.has(id))
    .slice(-MAX_BROUGHT);
  const commits = await Promise.all(read(wanted));
  return wanted.filter((_, index) => (commits[index]?.seconds ?? Infinity) * 1000 < sinceMs);
}

function changed(
  refs: Refs,
  before: Refs | undefined,
  prefix: string,
): readonly (readonly [name: string, id: string])[] {
  return Object.entries(refs)
    .filter(([name, id]) => name.startsWith(prefix) && before?.[name] !== id)
    .slice(0, MAX_LOGS);
}

/** After the last one that left from `old`; by time where there is none. */
function movesSince({ moves }: RefLog, old: string | undefined, fromMs: number): RefMove[] {
  const first = old === undefined ? -1 : moves.findLastIndex(({ from }) => from === old);
  return first < 0 ? moves.filter(isSince(fromMs)) : moves.slice(first);
}

function isSince(fromMs: number): (move: RefMove) => boolean {
  return ({ seconds }) => seconds * 1000 >= fromMs - 1000;
}
