/** The service's folder: made, found to be ours alone, and not made again for nobody. */
import { chmodSync, existsSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateDir } from '../../state/dir.ts';
import { StartError, startErrorOf } from './start-error.ts';

/** Other users' rights, of the file's mode. */
const OF_OTHERS = 0o077;

/** Makes `dir`, 0700, or takes it as it is when it is ours. Throws a StartError of phase `lock`. */
export function prepareServiceDir(dir: string): void {
  try {
    makePrivateDir(dir);
  } catch (error) {
    throw startErrorOf('lock', error);
  }
  takeServiceDir(dir);
}

/** Takes `dir` when it is there and ours. Throws a StartError of phase `lock`. */
export function takeServiceDir(dir: string): void {
  try {
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

/**
 * Whether what the state folder of `dir` lay in is gone: a removed home, a scratch folder, an end of tests. A start that
 * comes late must not make it anew.
 */
export function isAbandoned(dir: string): boolean {
  return !existsSync(dirname(dirname(dir)));
}
