/**
 * Lists the files that a scan covers, as they are found.
 *
 * Every entry is decided once, with git's rules, where it is seen, and an ignored folder is never read.
 * Folders are read synchronously: on a local disk that is several times faster than a callback each, and
 * the threads that scan are still starting at that time. Where the user gives globs, fast-glob walks over
 * the entries that are wanted; without them a plain loop does the same, and nothing has to be loaded first
 * (see docs/decisions/0010-two-walks.md).
 */
import { readdirSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { hasBinaryExtension } from './binary.ts';
import { enter, isIgnored, repositoryScope, scopeAbove } from './gitignore.ts';
import type { IgnoreScope } from './gitignore.ts';
import { createNameTable } from './names.ts';
import type { NameTable } from './names.ts';
import { reasonOf } from './reason.ts';
import { walkGlob, walkPlainly } from './walks.ts';
import type { FolderReader } from './walks.ts';

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
  /** Leaves out what it does not want of files, binary files and problems, by the path that is reported. */
  readonly wants?: (relative: string) => boolean;
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
  /** The same files, as many at a time as are found at once. */
  readonly batches: AsyncIterable<readonly ListedFile[]>;
  /** Whether the files come in the order of `relative`, by UTF-16 code units. */
  readonly isSorted: boolean;
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

/** Starts a listing; nothing is read before `files` or `batches` is iterated. Only one of them may be. */
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
    files: oneByOne(listAll(walk)),
    batches: listAll(walk),
    isSorted:
      options.paths.length === 1 && walk.include === undefined && walk.exclude === undefined,
    report: () => ({ binaries: walk.binaries, problems: walk.problems }),
  };
}

async function* oneByOne(batches: AsyncIterable<ListedFile[]>): AsyncGenerator<ListedFile> {
  for await (const batch of batches) yield* batch;
}

async function* listAll(walk: Walk): AsyncGenerator<ListedFile[]> {
  for (const path of walk.options.paths) {
    const absolute = resolve(walk.options.cwd, path);
    const kind = kindOf(absolute);
    if (kind === 'file') {
      const file = { absolute, relative: relativeTo(walk.options.cwd, absolute) };
      if (isWanted(walk, file.relative) && isNew(walk, file)) yield [file];
    } else if (kind === 'folder') {
      yield* walkFolder(walk, absolute);
    } else {
      addProblem(walk, path, kind);
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

function isWanted({ options }: Walk, path: string): boolean {
  return options.wants === undefined || options.wants(path);
}

function addProblem(walk: Walk, path: string, reason: string): void {
  if (isWanted(walk, path)) walk.problems.push({ path, reason });
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
  const read = folderReader(walk, base, names);
  const nameOf = fileNames(walk.options.cwd);
  const listed = (path: string): ListedFile | undefined => {
    const { display, raw } = names.resolve(path);
    const named = { absolute: display, relative: nameOf(display) };
    const file: ListedFile = raw === undefined ? named : { ...named, raw };
    return isWanted(walk, named.relative) && isNew(walk, file) ? file : undefined;
  };
  if (walk.include === undefined && walk.exclude === undefined)
    yield* walkPlainly(base, read, listed, names);
  else yield* walkGlob(base, read, listed);
}

/** Reads the entries of a folder that the walk wants, under names that a glob can carry. */
function folderReader(walk: Walk, base: string, names: NameTable): FolderReader {
  const scopes = new Map<string, IgnoreScope>();
  const { gitignore } = walk.options;
  const isChoosing = walk.include !== undefined || walk.exclude !== undefined;
  const skipped = base.split(sep).includes('node_modules') ? ['.git'] : ['.git', 'node_modules'];
  return (folder) => {
    const { display, raw } = names.resolve(folder);
    let entries: Dirent[];
    try {
      entries = readFolder(raw ?? (display === '' ? '/' : display), names);
    } catch (error) {
      addProblem(walk, relativeTo(walk.options.cwd, display), reasonOf(error));
      return [];
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
    return entries.filter((entry) => {
      const isDirectory = entry.isDirectory();
      if ((!isDirectory && !entry.isFile()) || skipped.includes(entry.name)) return false;
      if (scope?.matcher !== undefined || isChoosing) {
        const full = `${display}/${names.resolve(entry.name).display}`;
        if (scope !== undefined && isIgnored(scope, full, isDirectory)) return false;
        if (!isSelected(walk, base, full, isDirectory)) return false;
      }
      if (isDirectory) {
        if (scope !== undefined) scopes.set(`${folder}/${entry.name}`, scope);
        return true;
      }
      if (!hasBinaryExtension(entry.name)) return true;
      const path = `${display}/${names.resolve(entry.name).display}`;
      if (isWanted(walk, relativeTo(walk.options.cwd, path))) walk.binaries += 1;
      return false;
    });
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

/** Whether the user's globs let the file at a path, relative to `cwd`, through. */
export function globFilter(
  options: Pick<ListOptions, 'include' | 'exclude'>,
): (relative: string) => boolean {
  const [include, exclude] = [globs(options.include), globs(options.exclude)];
  return (path) =>
    !ignore.isPathValid(path) ||
    (exclude?.test(path).ignored !== true && (include === undefined || include.test(path).ignored));
}

function globs(patterns: readonly string[] | undefined): Ignore | undefined {
  if (patterns === undefined || patterns.length === 0) return undefined;
  return ignore().add(patterns.map((pattern) => pattern.replace(/^\.\//, '/')));
}

/** `relativeTo` for files that come folder by folder: what is the same for all files of a folder is found out once. */
function fileNames(cwd: string): (absolute: string) => string {
  let folder: string | undefined;
  let prefix = '';
  return (absolute) => {
    const name = absolute.lastIndexOf('/') + 1;
    const parent = absolute.slice(0, name);
    if (parent !== folder) {
      folder = parent;
      prefix = relativeTo(cwd, absolute).slice(0, name - absolute.length);
    }
    return prefix + absolute.slice(name);
  };
}

function relativeTo(cwd: string, absolute: string): string {
  if (absolute.startsWith(`${cwd}/`)) return absolute.slice(cwd.length + 1);
  const path = relative(cwd, absolute) || '.';
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
