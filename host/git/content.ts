/** Turns differences into changed files with their content, under caps; what is over is said, not lost. */
import { createHash } from 'node:crypto';
import type { ChangedFile, ChangeSet, Skipped } from '../../orchestrator/change.ts';
import type { Difference, Prior } from './compare.ts';
import type { ContentStore } from './kept.ts';
import type { BlobLimits } from './objects.ts';
import { readBlobs } from './objects.ts';
import type { Blob } from './objects.ts';
import { displayPath, isSafePath } from './path.ts';
import { joinRenames } from './renames.ts';
import type { Repo } from './repo.ts';
import { inRepo, LEADS_OUT } from './repos.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import { commonBytes, countLines, isBinary, lfsTarget, sameButForLineEnds } from './text.ts';
import { openWorktree } from './worktree.ts';

export interface ContentLimits extends BlobLimits {
  readonly maxFiles: number;
}

export const CONTENT_LIMITS: ContentLimits = {
  maxFiles: 2000,
  maxFileBytes: 2 * 1024 * 1024,
  maxTotalBytes: 64 * 1024 * 1024,
};

/** Content of one side: none at all, bytes, or a reason. */
type Content =
  | { readonly kind: 'absent' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly mode: string }
  | { readonly kind: 'unknown'; readonly mode: string }
  | { readonly kind: 'unread'; readonly reason: string };

interface Reading {
  readonly label: string;
  readonly blobs: ReadonlyMap<string, Blob>;
  readonly keep: ContentStore | undefined;
  /** False when the file system has no executable bit to speak of. */
  readonly fileMode: boolean;
}

/** Reads both sides of each difference of one repository. */
export async function readChanges(
  label: string,
  repo: Repo,
  differences: readonly Difference[],
  keep: ContentStore | undefined,
  limits: ContentLimits = CONTENT_LIMITS,
): Promise<GitResult<ChangeSet>> {
  const sorted = [...differences].sort((a, b) => (a.path < b.path ? -1 : 1));
  const read = sorted.slice(0, limits.maxFiles);
  const skipped: Skipped[] = sorted.slice(limits.maxFiles).map(({ path }) => ({
    path: inRepo(label, path),
    reason: `more than ${limits.maxFiles} files changed`,
  }));
  const blobs = await readBlobs(repo, blobIds(read), limits);
  if (blobs.kind === 'failed') return blobs;
  const fileMode = hasFileMode(repo);
  const reading: Reading = { label, blobs: blobs.value, keep, fileMode };
  const worktree = openWorktree(repo.root);
  const files: ChangedFile[] = [];
  let total = 0;
  for (const difference of read) {
    const path = inRepo(label, difference.path);
    if (!isSafePath(difference.path)) {
      skipped.push({ path, reason: LEADS_OUT });
      continue;
    }
    if (total > limits.maxTotalBytes) {
      skipped.push({ path, reason: `more than ${limits.maxTotalBytes} bytes changed` });
      continue;
    }
    const now = contentNow(reading, worktree, difference, limits.maxFileBytes);
    const before = nearest(
      difference.priors.map((prior) => contentBefore(reading, prior)),
      now,
    );
    const unread = [now, before].find((side) => side.kind === 'unread');
    if (unread?.kind === 'unread') {
      skipped.push({ path, reason: unread.reason });
      continue;
    }
    const file = changedFile(reading, difference, before, now);
    if (file === undefined) continue;
    if ([file.before, file.after].some((bytes) => bytes !== undefined && isBinary(bytes))) {
      skipped.push({ path, reason: 'binary' });
      continue;
    }
    total += (file.before?.length ?? 0) + (file.after?.length ?? 0);
    files.push(file);
  }
  return ok({ files: joinRenames(files), skipped });
}

function blobIds(differences: readonly Difference[]): ReadonlySet<string> {
  const identities = differences.flatMap(({ priors, now, inWorktree }) => [
    ...priors.flatMap((prior) => [prior, prior.tracked]),
    inWorktree ? undefined : now,
  ]);
  const blobs = identities.filter((id) => id !== undefined && id.mode !== '160000');
  return new Set(blobs.map((id) => id?.oid ?? '').filter((oid) => oid !== ''));
}

function hasFileMode({ settings }: Repo): boolean {
  const last = settings.findLast((setting) => setting.startsWith('core.filemode'));
  return process.platform !== 'win32' && !/=(?:false|no|off|0|)$/i.test(last ?? '');
}

function contentNow(
  reading: Reading,
  worktree: ReturnType<typeof openWorktree>,
  { path, now, inWorktree }: Difference,
  maxFileBytes: number,
): Content {
  if (now === undefined) return { kind: 'absent' };
  if (!inWorktree) return blobContent(reading, now.mode, now.oid);
  const read = worktree.read(path, maxFileBytes);
  // Gone between the comparison and now.
  if (read.kind === 'gone') return { kind: 'absent' };
  return read;
}

function contentBefore(reading: Reading, prior: Prior): Content {
  const { mode, oid, tracked } = prior;
  const exact = oid === '' ? undefined : blobContent(reading, mode, oid);
  if (exact !== undefined && exact.kind !== 'unknown') return exact;
  const kept = oid === '' ? undefined : reading.keep?.get(oid);
  if (kept !== undefined) return { kind: 'bytes', bytes: kept, mode };
  // The last content that git knows is older, so that more than this turn's work counts as new.
  const last = tracked === undefined ? undefined : blobContent(reading, tracked.mode, tracked.oid);
  return last?.kind === 'bytes' ? { ...last, mode } : { kind: 'unknown', mode };
}

function blobContent({ blobs }: Reading, mode: string, oid: string): Content {
  if (mode === '160000') return { kind: 'bytes', bytes: Buffer.from(oid), mode };
  const blob = blobs.get(oid);
  if (blob?.kind === 'bytes') return { kind: 'bytes', bytes: blob.bytes, mode };
  if (blob?.kind === 'too-large') {
    return { kind: 'unread', reason: `larger than is read (${blob.size} bytes)` };
  }
  return { kind: 'unknown', mode };
}

/** The earlier content from which the present one differs least. */
function nearest(priors: readonly Content[], now: Content): Content {
  const [first, ...others] = priors;
  if (first === undefined) return { kind: 'absent' };
  if (others.length === 0 || now.kind !== 'bytes') return first;
  const lines = countLines(now.bytes);
  const scored = priors.map((prior) => ({
    prior,
    score: prior.kind === 'bytes' ? commonBytes(countLines(prior.bytes), lines) : -1,
  }));
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).prior;
}

function changedFile(
  { label, fileMode }: Reading,
  difference: Difference,
  before: Content,
  now: Content,
): ChangedFile | undefined {
  const old = sideOf(before);
  const own = sideOf(now);
  if (old === undefined && own === undefined) return undefined;
  const isBit = isPlainMode(old?.mode) && isPlainMode(own?.mode);
  const sameMode = old?.mode === own?.mode || (isBit && !fileMode && difference.inWorktree);
  const same = isSameContent(old?.bytes, own?.bytes, difference.inWorktree);
  if (same && sameMode) return undefined;
  const status =
    old === undefined ? 'added' : own === undefined ? 'deleted' : same ? 'mode' : 'modified';
  return {
    repo: label,
    path: displayPath(difference.path),
    status,
    ...(old?.bytes && { before: old.bytes }),
    ...(own?.bytes && { after: own.bytes }),
    ...(old && { beforeMode: old.mode }),
    ...(own && { afterMode: sameMode && old ? old.mode : own.mode }),
  };
}

interface Side {
  readonly mode: string;
  readonly bytes: Uint8Array | undefined;
}

function sideOf(content: Content): Side | undefined {
  if (content.kind === 'bytes') return content;
  return content.kind === 'unknown' ? { mode: content.mode, bytes: undefined } : undefined;
}

/** A file in the worktree may differ from its blob by what git itself converts on the way. */
function isSameContent(
  before: Uint8Array | undefined,
  now: Uint8Array | undefined,
  inWorktree: boolean,
): boolean {
  if (before === undefined || now === undefined) return false;
  if (Buffer.compare(before, now) === 0) return true;
  if (!inWorktree) return false;
  const target = lfsTarget(before);
  if (target !== undefined) return createHash('sha256').update(now).digest('hex') === target;
  return sameButForLineEnds(before, now);
}

function isPlainMode(mode: string | undefined): boolean {
  return mode === '100644' || mode === '100755';
}
