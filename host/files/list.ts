/**
 * Lists the files that a scan covers, as they are found.
 *
 * fast-glob walks; its file system adapter answers each folder with the entries that are wanted, so an
 * ignored folder is never read and every entry is decided once, with git's rules, where it is seen.
 * Folders are read synchronously: on a local disk that is several times faster than a callback each, and
 * the threads that scan are still starting at that time.
 */
import { readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import fastGlob from 'fast-glob';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { hasBinaryExtension } from './binary.ts';
import { enter, isIgnored, repositoryScope, scopeAbove } from './gitignore.ts';
import type { IgnoreScope } from './gitignore.ts';
import { createNameTable } from './names.ts';
import type { NameTable } from './names.ts';

export interface ListOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Files or folders, relative to `cwd` or absolute. A file named here is always listed. */
  readonly paths: readonly string[];
  /** Gitignore-style globs relative to `cwd`; when there are any, only files that one matches are listed. */
  readonly include?: readonly string[];
  /** Gitignore-style globs relative to `cwd`. */
  readonly exclude?: readonly string[];
  /** Whether `.gitignore` files count. */
  readonly gitignore: boolean;
}

export interface ListedFile {
  readonly absolute: string;
  /** Relative to `cwd`, with `/`; bytes that are not UTF-8 are written `\xNN`. */
  readonly relative: string;
  /** The path's own bytes, present only where `absolute` would not open the file. */
  readonly raw?: Buffer;
}

export interface ListProblem {
  readonly path: string;
  readonly reason: string;
}

/** What a listing left out, complete once its files are consumed. */
export interface ListReport {
  /** Files left out because of a binary extension. */
  readonly binaries: number;
  /** Paths that do not exist or cannot be read. */
  readonly problems: readonly ListProblem[];
}

export interface Listing {
  readonly files: AsyncIterable<ListedFile>;
  report(): ListReport;
}

interface Walk {
  readonly options: ListOptions;
  readonly include: Ignore | undefined;
  readonly exclude: Ignore | undefined;
  readonly problems: ListProblem[];
  readonly seen: Set<string> | undefined;
  binaries: number;
}

/** Starts a listing; nothing is read before `files` is iterated. */
export function listFiles(options: ListOptions): Listing {
  const walk: Walk = {
    options,
    include: globs(options.include),
    exclude: globs(options.exclude),
    problems: [],
    seen: options.paths.length > 1 ? new Set() : undefined,
    binaries: 0,
  };
  return {
    files: listAll(walk),
    report: () => ({ binaries: walk.binaries, problems: walk.problems }),
  };
}

async function* listAll(walk: Walk): AsyncGenerator<ListedFile> {
  for (const path of walk.options.paths) {
    const absolute = resolve(walk.options.cwd, path);
    const kind = kindOf(absolute);
    if (kind === 'file') {
      const file = { absolute, relative: relativeTo(walk.options.cwd, absolute) };
      if (isNew(walk, file)) yield file;
    } else if (kind === 'folder') {
      for await (const batch of walkFolder(walk, absolute)) yield* batch;
    } else {
      walk.problems.push({ path, reason: kind });
    }
  }
}

/** `file`, `folder`, or the reason why it is neither. */
function kindOf(absolute: string): string {
  try {
    const stats = statSync(absolute);
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'neither a file nor a folder';
  } catch (error) {
    return reasonOf(error);
  }
}

function isNew(walk: Walk, file: ListedFile): boolean {
  if (walk.seen === undefined) return true;
  const size = walk.seen.size;
  return walk.seen.add(file.raw?.toString('latin1') ?? file.absolute).size > size;
}

/** Files below `root` in the batches in which they were found. */
async function* walkFolder(walk: Walk, root: string): AsyncGenerator<ListedFile[]> {
  const names = createNameTable();
  const base = root.endsWith(sep) ? root.slice(0, -1) : root;
  const stream = fastGlob.stream('**', {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    unique: false,
    fs: { readdir: folderReader(walk, base, names) as never },
  });
  const state: WalkState = { found: [], ended: false };
  const end = (failure?: Error): void => {
    state.ended = true;
    if (failure !== undefined) state.failure ??= failure;
    state.wake?.();
  };
  stream.on('data', (entry: Buffer | string) => {
    const { display, raw } = names.resolve(`${base}/${String(entry)}`);
    const relativePath = relativeTo(walk.options.cwd, display);
    const file: ListedFile = { absolute: display, relative: relativePath, ...(raw && { raw }) };
    if (!isNew(walk, file)) return;
    state.found.push(file);
    state.wake?.();
  });
  stream.on('end', () => end());
  stream.on('error', end);
  while (!state.ended || state.found.length > 0) {
    if (state.found.length === 0) {
      await new Promise<void>((resume) => (state.wake = resume));
      continue;
    }
    const batch = state.found;
    state.found = [];
    yield batch;
  }
  if (state.failure !== undefined) throw state.failure;
}

/** What a walk's events leave for its reader. */
interface WalkState {
  found: ListedFile[];
  ended: boolean;
  failure?: Error;
  wake?: () => void;
}

type ReadCallback = (error: Error | null, entries: Dirent[]) => void;

/** The adapter's `readdir`: entries of a folder that the walk wants, under names that a glob can carry. */
function folderReader(
  walk: Walk,
  base: string,
  names: NameTable,
): (path: string, options: unknown, done: ReadCallback) => void {
  const scopes = new Map<string, IgnoreScope>();
  const { gitignore } = walk.options;
  const skipped = base.split(sep).includes('node_modules') ? ['.git'] : ['.git', 'node_modules'];
  return (path, _options, done) => {
    const folder = path.endsWith('/') ? path.slice(0, -1) : path;
    const { display, raw } = names.resolve(folder);
    let entries: Dirent[];
    try {
      entries = readFolder(raw ?? (display === '' ? '/' : display), names);
    } catch (error) {
      walk.problems.push({ path: relativeTo(walk.options.cwd, display), reason: reasonOf(error) });
      queueMicrotask(() => done(null, []));
      return;
    }
    let scope: IgnoreScope | undefined;
    if (gitignore) {
      const isRoot = folder === base;
      const above = isRoot ? scopeAbove(base === '' ? '/' : base) : scopes.get(folder);
      const isRepository = !isRoot && entries.some(({ name }) => name === '.git');
      scope = isRepository || above === undefined ? repositoryScope(display) : above;
      scope = enter(
        scope,
        display,
        entries.some((entry) => entry.name === '.gitignore' && entry.isFile()),
      );
      scopes.delete(folder);
    }
    const wanted = entries.filter((entry) => {
      const isDirectory = entry.isDirectory();
      if ((!isDirectory && !entry.isFile()) || skipped.includes(entry.name)) return false;
      const full = `${display}/${names.resolve(entry.name).display}`;
      if (scope !== undefined && isIgnored(scope, full, isDirectory)) return false;
      if (!isSelected(walk, base, full, isDirectory)) return false;
      if (isDirectory) {
        if (scope !== undefined) scopes.set(`${folder}/${entry.name}`, scope);
        return true;
      }
      if (!hasBinaryExtension(entry.name)) return true;
      walk.binaries += 1;
      return false;
    });
    // Not at once: fast-glob would go one call deeper for each folder.
    queueMicrotask(() => done(null, wanted));
  };
}

/** Entries of a folder; names that a string or a glob cannot carry are replaced by stand-ins. */
function readFolder(folder: string | Buffer, names: NameTable): Dirent[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (!entries.some(({ name }) => names.needed(name))) return entries;
  // @types/node 20 lacks the buffer encoding together with `withFileTypes`; Node 20 gives Dirents whose
  // name is a Buffer, which is replaced by a string here.
  const exact: unknown = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' as never });
  for (const entry of exact as { name: Buffer | string }[]) {
    const bytes = Buffer.from(entry.name);
    const text = bytes.toString('utf8');
    entry.name = names.needed(text) ? names.standIn(bytes) : text;
  }
  return exact as Dirent[];
}

/** Whether the user's own globs let an entry through. A folder is only ever left out by an exclude. */
function isSelected(walk: Walk, base: string, full: string, isDirectory: boolean): boolean {
  if (walk.include === undefined && walk.exclude === undefined) return true;
  const fromCwd = relativeTo(walk.options.cwd, full);
  const path =
    fromCwd.startsWith('../') || !ignore.isPathValid(fromCwd)
      ? full.slice(base.length + 1)
      : fromCwd;
  if (walk.exclude?.test(isDirectory ? `${path}/` : path).ignored === true) return false;
  return isDirectory || walk.include === undefined || walk.include.test(path).ignored;
}

function globs(patterns: readonly string[] | undefined): Ignore | undefined {
  if (patterns === undefined || patterns.length === 0) return undefined;
  return ignore().add(patterns.map((pattern) => pattern.replace(/^\.\//, '/')));
}

function relativeTo(cwd: string, absolute: string): string {
  if (absolute.startsWith(`${cwd}/`)) return absolute.slice(cwd.length + 1);
  const path = relative(cwd, absolute) || '.';
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOTDIR: 'a part of the path is not a folder',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'is a folder',
};

/** A short reason for a failed file system call. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return String(error);
  return REASONS[code] ?? code;
}
