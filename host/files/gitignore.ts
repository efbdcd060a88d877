/**
 * Which paths git ignores: nested `.gitignore` files from the repository root down, and `.git/info/exclude`.
 * The user's global excludes are left out, so a scan gives the same answer on every machine.
 *
 * The patterns of a nested file are rewritten to be relative to the repository root and appended to those
 * above, so one matcher decides with git's own rule: the last pattern that matches wins, and nothing below
 * an ignored folder comes back.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';

/** A larger ignore file is disregarded: the scan then covers more, never less. */
const MAX_BYTES = 1 << 20;

export interface IgnoreScope {
  /** Absolute path that patterns are relative to, without a trailing slash (empty for `/`). */
  readonly root: string;
  /** Absent when no pattern applies. */
  readonly matcher?: Ignore;
}

/** Whether `path` (absolute, below `scope.root`) is ignored. Its parents are taken not to be. */
export function isIgnored(scope: IgnoreScope, path: string, isDirectory: boolean): boolean {
  if (scope.matcher === undefined) return false;
  const relative = path.slice(scope.root.length + 1);
  if (relative === '') return false;
  return scope.matcher.test(isDirectory ? `${relative}/` : relative).ignored;
}

/** The scope inside `directory`: that of its parent plus its own `.gitignore`, when `hasIgnoreFile`. */
export function enter(scope: IgnoreScope, directory: string, hasIgnoreFile: boolean): IgnoreScope {
  if (!hasIgnoreFile) return scope;
  const lines = readPatterns(`${directory}/.gitignore`);
  if (lines.length === 0) return scope;
  const prefix = directory.slice(scope.root.length + 1);
  return { root: scope.root, matcher: extend(scope.matcher, lines, prefix) };
}

/** A fresh scope for the repository whose work tree is `directory`. */
export function repositoryScope(directory: string): IgnoreScope {
  const root = withoutSlash(directory);
  const lines = readPatterns(join(gitDirectory(directory), 'info', 'exclude'));
  return lines.length === 0 ? { root } : { root, matcher: extend(undefined, lines, '') };
}

/**
 * The scope above `directory`: what the repository around it says, without its own `.gitignore`.
 * A directory that is itself ignored was named on purpose: nothing from above applies to it then.
 */
export function scopeAbove(directory: string): IgnoreScope {
  const alone: IgnoreScope = { root: withoutSlash(directory) };
  const above: string[] = [];
  for (let at = directory; ; at = dirname(at)) {
    if (exists(join(at, '.git'))) {
      let scope = repositoryScope(at);
      if (at === directory) return scope;
      for (const parent of [at, ...above]) {
        if (parent !== at && isIgnored(scope, parent, true)) return alone;
        scope = enter(scope, withoutSlash(parent), isFile(join(parent, '.gitignore')));
      }
      return isIgnored(scope, directory, true) ? alone : scope;
    }
    if (dirname(at) === at) return alone;
    if (at !== directory) above.unshift(at);
  }
}

function extend(matcher: Ignore | undefined, lines: readonly string[], prefix: string): Ignore {
  const extended = ignore({
    ignorecase: process.platform === 'win32' || process.platform === 'darwin',
  });
  if (matcher !== undefined) extended.add(matcher);
  for (const line of lines) extended.add({ pattern: prefix === '' ? line : below(prefix, line) });
  return extended;
}

/** Rewrites a pattern of the file `prefix/.gitignore` as one of the root. */
export function below(prefix: string, line: string): string {
  const negated = line.startsWith('!');
  const pattern = negated ? line.slice(1) : line;
  const anchored = pattern.slice(0, -1).includes('/');
  const rest = pattern.startsWith('/') ? pattern.slice(1) : pattern;
  const folder = prefix.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`);
  return `${negated ? '!' : ''}/${folder}/${anchored ? '' : '**/'}${rest}`;
}

/** Lines that are patterns, as git reads them: no comments, no blank lines, no carriage return. */
function readPatterns(file: string): string[] {
  let text: string;
  try {
    const stats = lstatSync(file);
    if (!stats.isFile() || stats.size > MAX_BYTES) return [];
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  if (text.startsWith('\uFEFF')) text = text.slice(1);
  return text
    .split('\n')
    .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    .filter((line) => !line.startsWith('#') && !/^(?:!?\/?)? *$/.test(line) && line.trim() !== '');
}

/** The folder with `info/exclude`: `.git`, or for a linked work tree the repository's common folder. */
function gitDirectory(workTree: string): string {
  const dotGit = join(workTree, '.git');
  if (!isFile(dotGit)) return dotGit;
  const target = /^gitdir: (.+)$/m.exec(readSmall(dotGit))?.[1];
  if (target === undefined) return dotGit;
  const directory = resolve(workTree, target);
  const common = readSmall(join(directory, 'commondir')).trim();
  return common === '' ? directory : resolve(directory, common);
}

function readSmall(file: string): string {
  try {
    return lstatSync(file).size > 4096 ? '' : readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function withoutSlash(directory: string): string {
  return directory.endsWith('/') ? directory.slice(0, -1) : directory;
}
