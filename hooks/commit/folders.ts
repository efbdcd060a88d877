/**
 * In which repositories a command may have committed: those of the session, and of every folder that a word of it may
 * name. It decides nothing about the command; a folder too many costs a few looks at file times.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../../host/config.ts';
import { findLayout } from '../../host/git/layout.ts';
import type { Layout } from '../../host/git/layout.ts';
import type { SessionCommits } from '../../host/commits/session-file.ts';
import type { CommandPayload } from './payload.ts';

const MAX_WORDS = 400;
const MAX_WORD = 1_000;
/** Folders that later words may be relative to. */
const MAX_BASES = 6;
const MAX_FOLDERS = 40;
const MAX_REPOS = 24;
const MAX_MODULES = 20;
const MAX_MODULES_BYTES = 64 * 1024;

/** Each repository once, by the git folder that its worktrees share. */
export function placesOf(
  payload: Pick<CommandPayload, 'cwd' | 'command'>,
  config: Pick<Config, 'projectDir'>,
  { session, home }: { readonly session: SessionCommits; readonly home: string | undefined },
): ReadonlyMap<string, Layout> {
  const bases = [payload.cwd, config.projectDir].filter((folder) => folder !== undefined);
  const folders = new Set([
    ...bases,
    ...namedFolders(payload.command, bases, home),
    ...Object.values(session.repos).map(({ root }) => root),
  ]);
  const places = new Map<string, Layout>();
  const add = (folder: string, exactly: boolean): void => {
    if (places.size >= MAX_REPOS) return;
    const layout = findLayout(folder, exactly);
    if (layout.kind === 'failed' || places.has(layout.value.commonDir)) return;
    places.set(layout.value.commonDir, layout.value);
    for (const module of submodules(layout.value.root)) add(module, true);
  };
  for (const folder of folders) add(folder, false);
  return places;
}

/** Existing folders among the words of a command, and those of files. */
function namedFolders(
  command: string,
  from: readonly string[],
  home: string | undefined,
): ReadonlySet<string> {
  const bases = [...from];
  const found = new Set<string>();
  for (const word of wordsOf(command)) {
    const path = word.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home ?? '~');
    // Those that this word itself adds are for the next ones.
    for (const base of bases.slice()) {
      if (found.size >= MAX_FOLDERS) return found;
      const folder = folderAt(resolve(base, path));
      if (folder === undefined || found.has(folder)) continue;
      found.add(folder);
      if (bases.length < MAX_BASES) bases.push(folder);
    }
  }
  return found;
}

function wordsOf(command: string): readonly string[] {
  const quoted = Array.from(
    command.matchAll(/"([^"\n]{1,1000})"|'([^'\n]{1,1000})'/g),
    ([, double = '', single = '']) => double || single,
  );
  const plain = command
    .replaceAll('\\ ', '\0')
    .split(/[\s"'`;|&(){}<>=]+/)
    .map((word) => word.replaceAll('\0', ' '));
  const words = [...plain, ...quoted].flatMap((word) =>
    word.startsWith('-C') && word.length > 2
      ? [word.slice(2)]
      : word === '' || word.startsWith('-') || word.length > MAX_WORD
        ? []
        : [word],
  );
  return [...new Set(words)].slice(0, MAX_WORDS);
}

function folderAt(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    const isGit = path.endsWith('/.git');
    return stat.isDirectory() && !isGit ? path : dirname(path);
  } catch {
    return undefined;
  }
}

/** Where `.gitmodules` says that submodules are; each is looked at like any other folder. */
function submodules(root: string): readonly string[] {
  let file: number | undefined;
  try {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    file = openSync(join(root, '.gitmodules'), flags);
    if (!fstatSync(file).isFile()) return [];
    const bytes = Buffer.alloc(MAX_MODULES_BYTES);
    const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
    return text
      .split('\n')
      .flatMap((line) => /^\s*path\s*=\s*(\S.*)$/.exec(line)?.[1]?.trim() ?? [])
      .filter((path) => !path.startsWith('/') && !path.split('/').includes('..'))
      .slice(0, MAX_MODULES)
      .map((path) => join(root, path));
  } catch {
    return [];
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
