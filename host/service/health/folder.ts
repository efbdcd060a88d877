/** The service's folder: made, and found to be ours alone. */
import { chmodSync, lstatSync } from 'node:fs';
import { makePrivateDir } from '../../state/dir.ts';
import { StartError, startErrorOf } from './start-error.ts';

/** Other users' rights, of the file's mode. */
const OF_OTHERS = 0o077;

/** Makes `dir`, 0700, or takes it as it is when it is ours. Throws a StartError of phase `lock`. */
export function prepareServiceDir(dir: string): void {
  try {
    makePrivateDir(dir);
    const refused = refusalOf(dir);
    if (refused === 'not-private') chmodSync(dir, 0o700);
    else if (refused !== undefined) throw new StartError('lock', refused, `refused: ${dir}`);
  } catch (error) {
    throw startErrorOf('lock', error);
  }
}

export type FolderRefusal = 'not-a-directory' | 'not-owned' | 'not-private';

/** Why `dir` cannot be trusted; undefined when it can. A link is not followed. Throws as `node:fs` does. */
export function refusalOf(dir: string): FolderRefusal | undefined {
  const stats = lstatSync(dir);
  if (!stats.isDirectory()) return 'not-a-directory';
  const user = process.geteuid?.();
  // Windows has neither: folders below the user's own are the user's.
  if (user === undefined) return undefined;
  if (stats.uid !== user) return 'not-owned';
  return (stats.mode & OF_OTHERS) === 0 ? undefined : 'not-private';
}
