/** Finds the user's own `claude`, and never one that a repository brings along. */
import { readlinkSync, realpathSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, relative, sep } from 'node:path';
import type { Environment } from '../../config.ts';
import { isProgram, searchPath } from '../../program.ts';

/**
 * Absolute path of the program: `SG_AGENTIC_CLI_PATH`, the one that this session runs in
 * (`/proc/$CLAUDE_PID/exe`, `CLAUDE_CODE_EXECPATH`), one of the search path, one of the places where it
 * installs itself. `untrusted` are folders, such as the repositories under review, from which nothing is run:
 * `node_modules/.bin` of a project is often in the search path.
 */
export function findClaude(
  env: Environment,
  untrusted: readonly string[],
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const roots = rootsOf(untrusted);
  const usable = (path: string): boolean => isProgram(path) && !isWithin(path, roots);
  const named = env['SG_AGENTIC_CLI_PATH'];
  // What the user names is not replaced by another one when it is wrong.
  if (named) return isAbsolute(named) && isProgram(named) ? named : undefined;
  const running = platform === 'linux' ? runningProgram(env['CLAUDE_PID']) : undefined;
  const fixed = [running, env['CLAUDE_CODE_EXECPATH'] || undefined];
  const names = platform === 'win32' ? ['claude.exe'] : ['claude'];
  const search = trustedPath(env, untrusted).split(delimiter);
  const home = env['HOME'] || env['USERPROFILE'];
  const folders = [
    ...search,
    ...(home ? [join(home, '.local', 'bin'), join(home, '.claude', 'local')] : []),
  ];
  const candidates = [
    ...fixed.filter((path) => path !== undefined),
    ...folders.filter(isAbsolute).flatMap((folder) => names.map((name) => join(folder, name))),
  ];
  return candidates.find((path) => isAbsolute(path) && usable(path));
}

/** The search path without folders of `untrusted`, and without entries that mean the current folder. */
export function trustedPath(env: Environment, untrusted: readonly string[]): string {
  const roots = rootsOf(untrusted);
  return searchPath(env)
    .filter((folder) => !isWithin(folder, roots))
    .join(delimiter);
}

function rootsOf(untrusted: readonly string[]): readonly string[] {
  return untrusted.flatMap((folder) => [folder, realPath(folder) ?? folder]);
}

/** The program of process `pid` when that is a `claude` and not the interpreter of one. */
function runningProgram(pid: string | undefined): string | undefined {
  if (pid === undefined || !/^\d{1,10}$/.test(pid)) return undefined;
  const link = `/proc/${pid}/exe`;
  try {
    // A program that was updated meanwhile reads as deleted and still runs through its link.
    const target = readlinkSync(link).replace(/ \(deleted\)$/, '');
    return /^(?:node|bun|deno)(?:\.exe)?$/.test(basename(target)) ? undefined : link;
  } catch {
    return undefined;
  }
}

function isWithin(path: string, roots: readonly string[]): boolean {
  // Where the entry stands counts as much as where it leads.
  return [path, realPath(path) ?? path].some((place) =>
    roots.some((root) => {
      const way = relative(root, place);
      return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
    }),
  );
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
