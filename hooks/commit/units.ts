/** Puts claimed commits together to reviews: chains of commits, merges by themselves, amended commits as what they add. */
import type { CommitLedger } from '../../host/commits/ledger.ts';
import type { CommitEntry, Commits } from '../../host/commits/ledger-file.ts';
import { diffTrees } from '../../host/git/raw-diff.ts';
import type { Repo } from '../../host/git/repo.ts';
import { ok } from '../../host/git/result.ts';
import type { GitResult } from '../../host/git/result.ts';
import { showCommits } from '../../host/git/rev-list.ts';
import type { ListedCommit } from '../../host/git/rev-list.ts';

/** What one review is about. */
export interface Unit {
  readonly kind: 'chain' | 'merge' | 'amend';
  /** The newest first. */
  readonly ids: readonly string[];
  /** Undefined: everything in it is new. */
  readonly base: string | undefined;
  readonly tip: string;
}

export interface Units {
  readonly units: readonly Unit[];
  /** What needs no review now. */
  readonly settled: ReadonlyMap<string, 'reviewed' | 'left' | 'released'>;
}

/** Commits of one review. */
const MAX_CHAIN = 50;

export async function unitsOf(
  repo: Repo,
  claimed: Commits,
  ledger: Pick<CommitLedger, 'read' | 'isUnderReview'>,
): Promise<GitResult<Units>> {
  const settled = new Map<string, 'reviewed' | 'left' | 'released'>();
  const known = ledger.read();
  const amends = new Map<string, string>();
  const isWithVerdict = (id: string): boolean => known.get(id)?.state === 'reviewed';
  for (const [id, entry] of claimed) {
    const original = entry.copies ?? entry.amends;
    if (original === undefined) continue;
    // What has no verdict yet is reviewed with what has taken its place.
    if (claimed.has(original)) settled.set(original, 'left');
    else if (entry.copies !== undefined) settleCopy(id, original);
    else if (
      isUntouched(known.get(original)) ||
      isWithVerdict(original) ||
      ledger.isUnderReview(original)
    )
      amends.set(id, original);
  }
  function settleCopy(id: string, original: string): void {
    if (isWithVerdict(original)) settled.set(id, 'reviewed');
    else if (ledger.isUnderReview(original)) settled.set(id, 'released');
    else if (isUntouched(known.get(original))) settled.set(id, 'left');
  }
  for (const [id, original] of amends) {
    const diff = await diffTrees(repo, original, id);
    if (diff.kind === 'failed') amends.delete(id);
    else if (diff.value.size === 0) settled.set(id, isWithVerdict(original) ? 'reviewed' : 'left');
  }
  const open = [...claimed.keys()].filter((id) => !settled.has(id));
  const shown = await showCommits(repo, open);
  if (shown.kind === 'failed') return shown;
  const commits = new Map(shown.value.map((commit) => [commit.id, commit]));
  // Gone from the repository.
  for (const id of open) if (!commits.has(id)) settled.set(id, 'left');
  const merges = shown.value.filter(({ id, parents }) => parents.length > 1 && !amends.has(id));
  const plain = shown.value.filter(({ id, parents }) => parents.length < 2 && !amends.has(id));
  const units: Unit[] = [
    ...chains(plain),
    ...merges.map(({ id }): Unit => ({ kind: 'merge', ids: [id], base: undefined, tip: id })),
    ...[...amends]
      .filter(([id]) => commits.has(id))
      .map(([id, base]): Unit => ({ kind: 'amend', ids: [id], base, tip: id })),
  ];
  return ok({ units, settled });
}

/** Nobody ever noticed it: it was there before the session, or came from elsewhere. */
function isUntouched(entry: CommitEntry | undefined): boolean {
  return entry === undefined;
}

/** Each commit is in one chain, in which each is the only child, among these, of the one before. */
function chains(commits: readonly ListedCommit[]): readonly Unit[] {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const children = new Map<string, string[]>();
  for (const { id, parents } of commits)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), id]);
  const onlyChild = (id: string): string | undefined => {
    const [child, ...others] = children.get(id) ?? [];
    return others.length > 0 ? undefined : child;
  };
  const units: Unit[] = [];
  for (const { id, parents } of commits) {
    const [parent] = parents;
    if (parent !== undefined && byId.has(parent) && onlyChild(parent) === id) continue;
    const ids: string[] = [];
    for (let next: string | undefined = id; next !== undefined; next = onlyChild(next))
      ids.push(next);
    for (let from = 0; from < ids.length; from += MAX_CHAIN) {
      const part = ids.slice(from, from + MAX_CHAIN);
      const base = byId.get(part[0] ?? '')?.parents[0];
      units.push({ kind: 'chain', ids: part.toReversed(), base, tip: part.at(-1) ?? id });
    }
  }
  return units;
}
