/** Whose change it was, when several sessions work in one worktree, as far as their edits tell. */
import type { ChangedFile, ChangeSet, Skipped } from '../../orchestrator/change.ts';
import type { RepoChanges } from './changes.ts';

export interface Edits {
  /** Absolute paths of files that this session edited by a tool. */
  readonly mine: readonly string[];
  /** Absolute paths of files that other sessions edited since the snapshot. */
  readonly others: readonly string[];
  /** Whether this session may have changed files in other ways too: ran a command, or a subagent did. */
  readonly ranCommands: boolean;
}

/**
 * The changes that may be this session's. A file that only another session edited is not; a file that
 * nobody is known to have edited is, unless this session did nothing but edit. What is left out is said.
 */
export function attribute({ changes, roots }: RepoChanges, edits: Edits): ChangeSet {
  const mine = new Set(edits.mine.map(normal));
  const others = new Set(edits.others.map(normal));
  const files: ChangedFile[] = [];
  const skipped: Skipped[] = [...changes.skipped];
  for (const file of changes.files) {
    const root = roots.get(file.repo) ?? file.repo;
    const places = [file.path, ...(file.oldPath === undefined ? [] : [file.oldPath])];
    const paths = places.map((path) => normal(`${root}/${path}`));
    const isMine = paths.some((path) => mine.has(path));
    const isOthers = paths.some((path) => others.has(path));
    if (isMine || (edits.ranCommands && !isOthers)) {
      files.push(file);
      continue;
    }
    skipped.push({
      path: file.repo === '' ? file.path : `${file.repo}/${file.path}`,
      reason: isOthers ? 'changed by another session' : 'changed by somebody else',
    });
  }
  return { files, skipped };
}

function normal(path: string): string {
  return path.replaceAll('\\', '/').replaceAll(/\/{2,}/g, '/');
}
