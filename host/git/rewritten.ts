/**
 * Which new commits are old ones again: amended, or put on top of something else by a rebase or by whatever rewrites a
 * history. Two commits do the same if they take away and add the same lines of the same files, wherever those stand.
 */
import { join } from 'node:path';
import { diffLines } from '../../orchestrator/hunks-diff.ts';
import { readPointer } from './layout.ts';
import { BRINGS } from './moves.ts';
import { readBlobs } from './objects.ts';
import type { Blob } from './objects.ts';
import { readRaw } from './raw-diff.ts';
import type { RawDiff } from './raw-diff.ts';
import type { RefMove } from './ref-log.ts';
import { headNames } from './refs.ts';
import type { Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import { listCommits, showCommits } from './rev-list.ts';
import type { ListedCommit } from './rev-list.ts';

/** See `NewCommit`. */
export interface Kin {
  readonly amends?: string;
  readonly copies?: string;
}

export interface Surroundings {
  /** Of HEADs, since the look before. */
  readonly moves: readonly RefMove[];
  /** Branches, and HEADs of their own, that are not where they stood then. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
}

const MAX_ORIGINALS = 200;
const LIMITS = { maxFileBytes: 1_000_000, maxTotalBytes: 32_000_000 };
const AMENDS = /^commit \(amend\)/;

export async function relatives(
  repo: Repo,
  made: readonly ListedCommit[],
  around: Surroundings,
): Promise<GitResult<ReadonlyMap<string, Kin>>> {
  const kin = new Map<string, Kin>(await amended(repo, made, around.moves));
  const others = made.filter(({ id, parents }) => !kin.has(id) && parents.length < 2);
  if (others.length === 0) return ok(kin);
  const left = await leftBehind(repo, made, around);
  if (left.kind === 'failed') return left;
  const originals = left.value.filter(({ parents }) => parents.length < 2);
  if (originals.length === 0) return ok(kin);
  const copies = await copiesOf(repo, others, originals);
  if (copies.kind === 'failed') return copies;
  for (const [id, original] of copies.value) kin.set(id, { copies: original });
  return ok(kin);
}

/** Not of what was itself made since: then the whole commit is new. */
async function amended(
  repo: Repo,
  made: readonly ListedCommit[],
  moves: readonly RefMove[],
): Promise<readonly (readonly [string, Kin])[]> {
  const by = new Map(moves.map((move) => [move.to, move]));
  const isAmend = (move: RefMove | undefined): move is RefMove =>
    move !== undefined && AMENDS.test(move.what);
  const pairs = made.flatMap((commit) => {
    let move = by.get(commit.id);
    if (!isAmend(move)) return [];
    for (let steps = moves.length; steps > 0; steps--) {
      const earlier = by.get(move.from);
      if (!isAmend(earlier)) break;
      move = earlier;
    }
    const maker = by.get(move.from);
    const isNew = maker !== undefined && !BRINGS.test(maker.what);
    return isNew ? [] : [{ commit, from: move.from }];
  });
  const known = await showCommits(
    repo,
    pairs.map(({ from }) => from),
  );
  const parents = new Map(
    known.kind === 'ok' ? known.value.map(({ id, parents }) => [id, parents.join(' ')]) : [],
  );
  return pairs
    .filter(({ commit, from }) => parents.get(from) === commit.parents.join(' '))
    .map(({ commit, from }) => [commit.id, { amends: from }]);
}

/** Commits that branches had, and those that a rebase under way has begun to replace. */
async function leftBehind(
  repo: Repo,
  made: readonly ListedCommit[],
  { moved }: Surroundings,
): Promise<GitResult<readonly ListedCommit[]>> {
  const gone = await listCommits(
    repo,
    moved.map(({ from }) => from),
    moved.map(({ to }) => to),
    MAX_ORIGINALS,
  );
  if (gone.kind === 'failed') return gone;
  const begun = headNames(repo).flatMap((name) => {
    const folder = join(repo.commonDir, name.slice(0, -'HEAD'.length));
    return ['rebase-merge', 'rebase-apply'].flatMap((each) => {
      const id = readPointer(join(folder, each, 'orig-head'), '');
      return id === undefined ? [] : [id];
    });
  });
  const new_ = made.map(({ id }) => id);
  const replaced = await listCommits(repo, begun, new_, MAX_ORIGINALS);
  return replaced.kind === 'failed' ? replaced : ok([...gone.value, ...replaced.value]);
}

async function copiesOf(
  repo: Repo,
  made: readonly ListedCommit[],
  originals: readonly ListedCommit[],
): Promise<GitResult<ReadonlyMap<string, string>>> {
  const all = [...made, ...originals].map(({ id }) => id);
  const read = await readRaw(repo, all);
  if (read.kind === 'failed') return read;
  const raw = read.value;
  const byPaths = new Map<string, string[]>();
  for (const { id } of originals) {
    const paths = pathsOf(raw.get(id));
    byPaths.set(paths, [...(byPaths.get(paths) ?? []), id]);
  }
  const pairs = made.flatMap(({ id }) =>
    (byPaths.get(pathsOf(raw.get(id))) ?? []).map((original) => [id, original] as const),
  );
  const blobs = await readBlobs(repo, blobsOf(pairs.flat(), raw), LIMITS);
  if (blobs.kind === 'failed') return blobs;
  const patches = new Map<string, string | undefined>();
  const patch = (id: string): string | undefined => {
    if (!patches.has(id)) patches.set(id, patchOf(raw.get(id), blobs.value));
    return patches.get(id);
  };
  const copies = new Map<string, string>();
  for (const [id, original] of pairs)
    if (!copies.has(id) && patch(id) !== undefined && patch(id) === patch(original))
      copies.set(id, original);
  return ok(copies);
}

function pathsOf(diff: RawDiff | undefined): string {
  return [...(diff?.keys() ?? [])].sort().join('\0');
}

function blobsOf(ids: readonly string[], raw: ReadonlyMap<string, RawDiff>): ReadonlySet<string> {
  const changes = ids.flatMap((id) => [...(raw.get(id)?.values() ?? [])]);
  const sides = changes.flatMap(({ before, after }) => [before, after]);
  return new Set(
    sides.flatMap((side) => (side === undefined || isLink(side.mode) ? [] : [side.oid])),
  );
}

/** All lines that are taken away and added, with modes; undefined where a content was not read. */
function patchOf(diff: RawDiff | undefined, blobs: ReadonlyMap<string, Blob>): string | undefined {
  const parts: string[] = [];
  for (const [path, { before, after }] of diff ?? []) {
    const sides = [before, after].map((side) => {
      if (side === undefined) return [];
      if (isLink(side.mode)) return [side.oid];
      const blob = blobs.get(side.oid);
      return blob?.kind === 'bytes' ? blob.bytes.toString('latin1').split('\n') : undefined;
    });
    const [old, now] = sides;
    if (old === undefined || now === undefined) return undefined;
    parts.push(`${path}\0${before?.mode ?? ''}\0${after?.mode ?? ''}`);
    for (const change of diffLines(old, now)) {
      parts.push(...old.slice(change.beforeStart, change.beforeEnd).map((line) => `-${line}`));
      parts.push(...now.slice(change.afterStart, change.afterEnd).map((line) => `+${line}`));
    }
  }
  return parts.join('\n');
}

/** To a commit of a submodule, which is no blob. */
function isLink(mode: string): boolean {
  return mode === '160000';
}
