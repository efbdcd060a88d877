/** Changes that are not of a turn: what is staged, what a branch changed, what a commit changed. */
import type { ChangeSet } from '../../orchestrator/change.ts';
import type { CommitFiles } from '../../orchestrator/tools/commit-files.ts';
import type { RepoChanges } from './changes.ts';
import { openCommitFiles } from './commit-files.ts';
import { compare } from './compare.ts';
import type { Difference } from './compare.ts';
import { readChanges } from './content.ts';
import { readCommit } from './moves.ts';
import type { BytePath } from './path.ts';
import { displayPath } from './path.ts';
import type { Environment } from './program.ts';
import { diffIndex, diffTrees } from './raw-diff.ts';
import type { Identity, RawDiff } from './raw-diff.ts';
import { findRepo } from './repo.ts';
import type { Repo } from './repo.ts';
import { LEADS_OUT } from './repos.ts';
import { failed, ok } from './result.ts';
import type { GitResult } from './result.ts';
import { readState } from './state.ts';

/** Commits that a review names. */
const MAX_COMMITS = 200;
const OBJECT_ID = /^[0-9a-f]{40,64}\n$/;

/** The index against HEAD (against nothing before the first commit). */
export async function changesStaged(
  folder: string,
  env: Environment,
): Promise<GitResult<RepoChanges>> {
  const found = await findRepo(folder, env);
  if (found.kind === 'failed') return found;
  const staged = await diffIndex(found.value, found.value.head);
  if (staged.kind === 'failed') return staged;
  const conflicts = [...staged.value].filter(([, { unmerged }]) => unmerged);
  const changes = await readChanges('', found.value, differencesOf(staged.value), undefined);
  if (changes.kind === 'failed') return changes;
  const { files, skipped } = changes.value;
  const inConflict = conflicts.map(([path]) => ({
    path: displayPath(path),
    reason: 'in conflict',
  }));
  return ok(repoChanges(found.value, { files, skipped: [...skipped, ...inConflict] }));
}

/** The worktree, untracked files included, against the commit where HEAD and `ref` parted. */
export async function changesFromBase(
  folder: string,
  ref: string,
  env: Environment,
): Promise<GitResult<RepoChanges>> {
  const found = await findCommit(folder, ref, env);
  if (found.kind === 'failed') return found;
  const { repo, id } = found.value;
  const head = repo.head;
  const parted =
    head === undefined ? ok(undefined) : await partedAt(repo, [id, ref], [head, 'HEAD']);
  if (parted.kind === 'failed') return parted;
  const state = await readState(repo, { whole: true, matters: () => true });
  if (state.kind === 'failed') return state;
  const nothing = { staged: new Map(), touched: new Map(), untracked: new Map() };
  const base = { head: parted.value, ...nothing, incompleteSinceMs: undefined, broughtIn: [] };
  const compared = await compare(base, { label: '', state: state.value });
  if (compared.kind === 'failed') return compared;
  const changes = await readChanges('', repo, compared.value.differences, undefined);
  if (changes.kind === 'failed') return changes;
  const embedded = state.value.embedded.map((path) => ({
    path: displayPath(path),
    reason: 'a repository of its own, to be reviewed by itself',
  }));
  const unsafe = state.value.unsafe.map((path) => ({
    path: displayPath(path),
    reason: LEADS_OUT,
  }));
  const { files, skipped } = changes.value;
  const left = [...compared.value.skipped, ...skipped, ...embedded, ...unsafe];
  return ok(repoChanges(repo, { files, skipped: left }));
}

/**
 * A commit against its parent (against nothing for a first commit). Of a merge: files that are as in none
 * of its parents, each against the parent that it is most like.
 */
export async function changesOfCommit(
  folder: string,
  ref: string,
  env: Environment,
): Promise<GitResult<RepoChanges>> {
  const found = await findCommit(folder, ref, env);
  return found.kind === 'failed' ? found : ofCommit(found.value);
}

async function ofCommit({ repo, id }: FoundCommit): Promise<GitResult<RepoChanges>> {
  const commit = await readCommit(repo, id);
  if (commit === undefined) return failed('exit', `the commit ${id} cannot be read`);
  const diffs: RawDiff[] = [];
  for (const parent of commit.parents.length === 0 ? [undefined] : commit.parents) {
    const diff = await diffTrees(repo, parent, id);
    if (diff.kind === 'failed') return diff;
    diffs.push(diff.value);
  }
  const changes = await readChanges('', repo, inAll(diffs), undefined);
  return changes.kind === 'failed' ? changes : ok(repoChanges(repo, changes.value, id));
}

/** Committed work, with all that is in the commit at its end. */
export interface Committed extends RepoChanges {
  /** Full ids, the newest first, at most `MAX_COMMITS`. */
  readonly commits: readonly string[];
  readonly files: CommitFiles;
}

/** A commit as `changesOfCommit` sees it. */
export async function committedIn(
  folder: string,
  ref: string,
  env: Environment,
): Promise<GitResult<Committed>> {
  const found = await findCommit(folder, ref, env);
  if (found.kind === 'failed') return found;
  const changes = await ofCommit(found.value);
  return changes.kind === 'failed'
    ? changes
    : withFiles(found.value, changes.value, [found.value.id]);
}

/** What the commits up to `tip` changed since it parted from `base`; the worktree plays no part. */
export async function committedBetween(
  folder: string,
  base: string,
  tip: string,
  env: Environment,
): Promise<GitResult<Committed>> {
  const found = await findCommit(folder, base, env);
  if (found.kind === 'failed') return found;
  const { repo } = found.value;
  const end = await resolveCommit(repo, tip);
  if (end.kind === 'failed') return end;
  const id = end.value;
  const parted = await partedAt(repo, [found.value.id, base], [id, tip]);
  if (parted.kind === 'failed') return parted;
  const range = [`--max-count=${MAX_COMMITS}`, id, `^${parted.value}`];
  const listed = await repo.ask({ command: 'rev-list', args: range });
  if (listed.kind === 'failed') return listed;
  const diff = await diffTrees(repo, parted.value, id);
  if (diff.kind === 'failed') return diff;
  const changes = await readChanges('', repo, differencesOf(diff.value), undefined);
  if (changes.kind === 'failed') return changes;
  const commits = listed.value.toString('latin1').split('\n').filter(Boolean);
  return withFiles({ repo, id }, repoChanges(repo, changes.value, id), commits);
}

/**
 * What differs from `base` (nothing where undefined) in `tip`, both full ids, with all that is in it: a chain of commits,
 * or an amended commit against what it was. `commits` are named in the review.
 */
export async function committedSince(
  repo: Repo,
  base: string | undefined,
  tip: string,
  commits: readonly string[],
): Promise<GitResult<Committed>> {
  const diff = await diffTrees(repo, base, tip);
  if (diff.kind === 'failed') return diff;
  const changes = await readChanges('', repo, differencesOf(diff.value), undefined);
  if (changes.kind === 'failed') return changes;
  return withFiles({ repo, id: tip }, repoChanges(repo, changes.value), commits);
}

/** A merge: files that are as in none of its parents. `id` is a full one. */
export async function committedByMerge(repo: Repo, id: string): Promise<GitResult<Committed>> {
  const changes = await ofCommit({ repo, id });
  return changes.kind === 'failed' ? changes : withFiles({ repo, id }, changes.value, [id]);
}

async function withFiles(
  { repo, id }: FoundCommit,
  changes: RepoChanges,
  commits: readonly string[],
): Promise<GitResult<Committed>> {
  const files = await openCommitFiles(repo, id);
  return files.kind === 'failed' ? files : ok({ ...changes, commits, files: files.value });
}

/** Paths that differ from every parent. */
function inAll(diffs: readonly RawDiff[]): readonly Difference[] {
  const [first = new Map(), ...others] = diffs;
  return differencesOf(first)
    .filter(({ path }) => others.every((diff) => diff.has(path)))
    .map((difference) => {
      const befores = others.map((diff) => diff.get(difference.path)?.before);
      return { ...difference, priors: [...difference.priors, ...befores.flatMap(prior)] };
    });
}

function differencesOf(diff: RawDiff): readonly Difference[] {
  return [...diff].flatMap(([path, { before, after, unmerged }]) =>
    unmerged ? [] : [difference(path, before, after)],
  );
}

function difference(
  path: BytePath,
  before: Identity | undefined,
  after: Identity | undefined,
): Difference {
  return { path, priors: prior(before), now: after, inWorktree: false };
}

function prior(identity: Identity | undefined): Difference['priors'] {
  return identity === undefined ? [] : [{ ...identity, tracked: undefined }];
}

interface FoundCommit {
  readonly repo: Repo;
  readonly id: string;
}

/** The repository of `folder`, and the id of the commit that `ref` names in it. */
async function findCommit(
  folder: string,
  ref: string,
  env: Environment,
): Promise<GitResult<FoundCommit>> {
  const found = await findRepo(folder, env);
  if (found.kind === 'failed') return found;
  const repo = found.value;
  const id = await resolveCommit(repo, ref);
  return id.kind === 'failed' ? id : ok({ repo, id: id.value });
}

async function resolveCommit(repo: Repo, ref: string): Promise<GitResult<string>> {
  const bad = failed(
    'bad-ref',
    `"${ref}" is no commit here; expected a branch, a tag or a commit id`,
  );
  if (ref === '' || /[\0\n]/.test(ref)) return bad;
  // What follows may begin with a dash, since no option comes after this one.
  const args = ['--verify', '-q', '--end-of-options', `${ref}^{commit}`];
  const answer = await repo.ask({ command: 'rev-parse', args });
  if (answer.kind === 'failed') return answer.reason === 'exit' ? bad : answer;
  const text = answer.value.toString('latin1').replace(/^--end-of-options\n/, '');
  return OBJECT_ID.test(text) ? ok(text.trim()) : bad;
}

/** Both as id and as the user named it. */
async function partedAt(
  repo: Repo,
  [a, nameOfA]: readonly [string, string],
  [b, nameOfB]: readonly [string, string],
): Promise<GitResult<string>> {
  const answer = await repo.ask({ command: 'merge-base', args: [a, b] });
  if (answer.kind === 'ok') return ok(answer.value.toString('latin1').trim());
  if (answer.reason !== 'exit') return answer;
  return failed('bad-ref', `"${nameOfA}" and ${nameOfB} have no commit in common`);
}

function repoChanges(repo: Repo, changes: ChangeSet, commit = repo.head): RepoChanges {
  return {
    changes,
    roots: new Map([['', repo.root]]),
    ...(commit === undefined ? {} : { commit }),
    isHead: commit === repo.head,
  };
}
