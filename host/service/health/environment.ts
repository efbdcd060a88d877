/** The variables that a background process gets: it outlives the session, so nothing of that goes along. */
import type { Environment } from '../../config.ts';

/** What a process needs to find its folders and speak the user's language. No token is among them. */
const NEEDED: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
]);

/** Without these nothing starts on Windows, where names have no case. */
const NEEDED_ON_WINDOWS: ReadonlySet<string> = new Set([
  'PATH',
  'PATHEXT',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'COMSPEC',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'USERNAME',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
]);

/** The C library gives memory back sooner: what a thread's start took is not needed again. In bytes. */
const ON_LINUX: Readonly<Record<string, string>> = { MALLOC_TRIM_THRESHOLD_: '131072' };

/** The part of `env` that a service is started with; `more` are further names to keep. */
export function serviceEnvironment(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
  more: readonly string[] = [],
): Record<string, string> {
  const kept: Record<string, string> = platform === 'linux' ? { ...ON_LINUX } : {};
  for (const [name, value] of Object.entries(env)) {
    const needed =
      platform === 'win32' ? NEEDED_ON_WINDOWS.has(name.toUpperCase()) : NEEDED.has(name);
    if (value !== undefined && (needed || more.includes(name))) kept[name] = value;
  }
  return kept;
}
