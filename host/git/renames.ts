/** Joins a deleted and an added file to one that was renamed, when their content is alike. */
import type { ChangedFile } from '../../orchestrator/change.ts';
import { commonBytes, countLines } from './text.ts';
import type { LineCounts } from './text.ts';

/** Part of the larger file that must be in both. */
const ALIKE = 0.5;
/** Beyond so many pairs only equal content counts. */
const MAX_PAIRS = 4000;
/** A file of a few bytes is like any other. */
const MIN_BYTES = 32;

/** The same changes with pairs joined; the order of what stays is kept. Never joins across repositories. */
export function joinRenames(files: readonly ChangedFile[]): readonly ChangedFile[] {
  const deleted = files.filter((file) => file.status === 'deleted' && isPlain(file.beforeMode));
  const added = files.filter((file) => file.status === 'added' && isPlain(file.afterMode));
  const from = new Map<ChangedFile, ChangedFile>();
  const taken = new Set<ChangedFile>();
  const join = (before: ChangedFile, after: ChangedFile): void => {
    from.set(after, before);
    taken.add(before);
  };
  const byContent = new Map<string, ChangedFile[]>();
  for (const file of deleted) {
    const key = contentKey(file.repo, file.before);
    if (key !== undefined) byContent.set(key, [...(byContent.get(key) ?? []), file]);
  }
  for (const file of added) {
    const equal = byContent.get(contentKey(file.repo, file.after) ?? '') ?? [];
    const free = equal.filter((other) => !taken.has(other));
    const match = free.find((other) => nameOf(other.path) === nameOf(file.path)) ?? free[0];
    if (match !== undefined) join(match, file);
  }
  const left = deleted.filter((file) => !taken.has(file));
  const open = added.filter((file) => !from.has(file));
  if (left.length * open.length <= MAX_PAIRS) joinAlike(left, open, join);
  return files
    .filter((file) => !taken.has(file))
    .map((file) => {
      const before = from.get(file);
      return before === undefined ? file : renamed(before, file);
    });
}

interface Pair {
  readonly before: ChangedFile;
  readonly after: ChangedFile;
  readonly score: number;
}

/** Best pairs first. */
function joinAlike(
  deleted: readonly ChangedFile[],
  added: readonly ChangedFile[],
  join: (before: ChangedFile, after: ChangedFile) => void,
): void {
  const lines = new Map<ChangedFile, LineCounts>();
  for (const file of deleted) if (file.before) lines.set(file, countLines(file.before));
  const pairs: Pair[] = [];
  for (const after of added) {
    if (after.after === undefined) continue;
    const counts = countLines(after.after);
    for (const before of deleted) {
      const score = likeness(before, after, lines.get(before), counts);
      if (score >= ALIKE) pairs.push({ before, after, score });
    }
  }
  const done = new Set<ChangedFile>();
  for (const { before, after } of pairs.sort((a, b) => b.score - a.score)) {
    if (done.has(before) || done.has(after)) continue;
    done.add(before).add(after);
    join(before, after);
  }
}

function likeness(
  before: ChangedFile,
  after: ChangedFile,
  old: LineCounts | undefined,
  now: LineCounts,
): number {
  if (before.repo !== after.repo || old === undefined) return 0;
  const sizes = [before.before?.length ?? 0, after.after?.length ?? 0];
  const smaller = Math.min(...sizes);
  const larger = Math.max(...sizes);
  if (smaller < MIN_BYTES || smaller < larger * ALIKE) return 0;
  return commonBytes(old, now) / (larger + 1);
}

function renamed(before: ChangedFile, after: ChangedFile): ChangedFile {
  return {
    repo: after.repo,
    path: after.path,
    status: 'renamed',
    oldPath: before.path,
    ...(before.before && { before: before.before }),
    ...(after.after && { after: after.after }),
    ...(before.beforeMode !== undefined && { beforeMode: before.beforeMode }),
    ...(after.afterMode !== undefined && { afterMode: after.afterMode }),
  };
}

function contentKey(repo: string, bytes: Uint8Array | undefined): string | undefined {
  // An empty file moves nothing.
  if (bytes === undefined || bytes.length === 0) return undefined;
  return `${repo}\0${Buffer.from(bytes).toString('latin1')}`;
}

function isPlain(mode: string | undefined): boolean {
  return mode === '100644' || mode === '100755';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
