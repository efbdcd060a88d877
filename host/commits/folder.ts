/** Where the ledger of a repository's commits is. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDir } from '../state/dir.ts';

/** Inside the git folder that all worktrees share. */
const NAME = 'security-guidance';

/**
 * A private folder that all sessions in clones' worktrees share: in `commonDir`, or in the state folder where the
 * repository has something else in its place or cannot be written. Undefined where neither can be.
 */
export function ledgerFolder(commonDir: string, stateDir: string): string | undefined {
  const own = join(commonDir, NAME);
  if (isPrivate(own)) return own;
  const hash = createHash('sha256').update(commonDir).digest('hex').slice(0, 32);
  const other = join(stateDir, 'commits', hash);
  try {
    makePrivateDir(join(stateDir, 'commits'));
  } catch {
    return undefined;
  }
  return isPrivate(other) ? other : undefined;
}

/** Makes it where it is not there. A link is never followed, and nobody else's folder is used. */
function isPrivate(folder: string): boolean {
  try {
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined)
      mkdirSync(folder, { mode: 0o700 });
    const stat = lstatSync(folder);
    if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== process.getuid()))
      return false;
    if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
    return true;
  } catch {
    return false;
  }
}

/** Removes what stands at `path` and is no plain file, as a repository may bring along. Never throws. */
export function clearOdd(path: string): void {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) unlinkSync(path);
  } catch {
    // What cannot be removed cannot be opened as a file either, which is reported then.
  }
}
