/** Where the system keeps what can be made again. */
import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined when there is no home folder. */
export function cacheRoot(env: Environment, platform: NodeJS.Platform): string | undefined {
  const named = env['XDG_CACHE_HOME'];
  if (named !== undefined && isAbsolute(named)) return join(named, 'security-guidance');
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    return local === undefined ? undefined : join(local, 'security-guidance', 'cache');
  }
  const home = env['HOME'];
  if (home === undefined || !isAbsolute(home)) return undefined;
  return platform === 'darwin'
    ? join(home, 'Library/Caches/security-guidance')
    : join(home, '.cache/security-guidance');
}
