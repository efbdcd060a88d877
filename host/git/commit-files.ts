/** Files of a commit, read from git's objects: the worktree, its filters and its links play no part. */
import type {
  CommitContent,
  CommitEntry,
  CommitFiles,
} from '../../orchestrator/tools/commit-files.ts';
import { readBlobs } from './objects.ts';
import type { Blob } from './objects.ts';
import type { Repo } from './repo.ts';
import { ok } from './result.ts';
import type { GitResult } from './result.ts';
import { readTree } from './tree.ts';

const LIMITS = { maxFileBytes: 1_000_000, maxTotalBytes: 64_000_000 };
/** Bytes of content that are kept for the next question. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

/** `commit` is a full id. */
export async function openCommitFiles(repo: Repo, commit: string): Promise<GitResult<CommitFiles>> {
  const tree = await readTree(repo, commit);
  if (tree.kind === 'failed') return tree;
  const kept = new Map<string, CommitContent>();
  let keptBytes = 0;
  const read = async (entries: readonly CommitEntry[]): Promise<readonly CommitContent[]> => {
    const asked = entries.filter(({ kind, id }) => kind !== 'submodule' && !kept.has(id));
    const blobs = await readBlobs(repo, new Set(asked.map(({ id }) => id)), LIMITS);
    const contents = new Map<string, CommitContent>();
    for (const { id } of asked) {
      const content = blobs.kind === 'failed' ? none(blobs.detail) : contentOf(blobs.value.get(id));
      contents.set(id, content);
      if (content.kind !== 'bytes' || keptBytes + content.bytes.length > MAX_KEPT_BYTES) continue;
      keptBytes += content.bytes.length;
      // A copy: the part of git's answer would keep all of it in memory.
      kept.set(id, { ...content, bytes: new Uint8Array(content.bytes) });
    }
    return entries.map(({ id }) => kept.get(id) ?? contents.get(id) ?? none('it is no file'));
  };
  return ok({ commit, ...tree.value, read });
}

function contentOf(blob: Blob | undefined): CommitContent {
  if (blob?.kind === 'bytes') return blob;
  if (blob?.kind === 'too-large')
    return none(
      blob.size > LIMITS.maxFileBytes
        ? `it is too large: ${blob.size} bytes, at most ${LIMITS.maxFileBytes} are looked at`
        : 'too much was asked for at once',
    );
  return none('its content is not in this clone');
}

function none(reason: string): CommitContent {
  return { kind: 'none', reason };
}
