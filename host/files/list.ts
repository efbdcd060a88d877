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
  /** The same files, as many at a time as are found at once. */
  readonly batches: AsyncIterable<readonly ListedFile[]>;
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
      if (isNew(walk, file)) yield [file];
    } else if (kind === 'folder') {
      yield* walkFolder(walk, absolute);
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
  const read = folderReader(walk, base, names);
  const listed = (path: string): ListedFile | undefined => {
    const { display, raw } = names.resolve(path);
    const named = { absolute: display, relative: relativeTo(walk.options.cwd, display) };
    const file: ListedFile = raw === undefined ? named : { ...named, raw };
    return isNew(walk, file) ? file : undefined;
  };
  if (walk.include === undefined && walk.exclude === undefined)
    yield* walkPlainly(base, read, listed);
  else yield* walkGlob(base, read, listed);
}

type FolderReader = (folder: string) => Dirent[];
type Lister = (path: string) => ListedFile | undefined;

/** A folder's files, then its folders, one after the other. */
function* walkPlainly(base: string, read: FolderReader, listed: Lister): Generator<ListedFile[]> {
  const folders = [base];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const batch: ListedFile[] = [];
    for (const entry of read(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else {
        const file = listed(path);
        if (file !== undefined) batch.push(file);
      }
    }
    if (batch.length > 0) yield batch;
  }
}

async function* walkGlob(
  base: string,
  read: FolderReader,
  listed: Lister,
): AsyncGenerator<ListedFile[]> {
  const { default: fastGlob } = await import('fast-glob');
  const readdir = (path: string, _options: unknown, done: ReadCallback): void => {
    const entries = read(path.endsWith('/') ? path.slice(0, -1) : path);
    // Not at once: fast-glob would go one call deeper for each folder.
    queueMicrotask(() => done(null, entries));
  };
  const stream = fastGlob.stream('**', {
    cwd: base === '' ? '/' : base,
    dot: true,
    followSymbolicLinks: false,
    unique: false,
    fs: { readdir: readdir as never },
  });
  const state: WalkState = { found: [], ended: false };
  const end = (failure?: Error): void => {
    state.ended = true;
    if (failure !== undefined) state.failure ??= failure;
    state.wake?.();
  };
  stream.on('data', (entry: Buffer | string) => {
    const file = listed(`${base}/${String(entry)}`);
    if (file !== undefined) state.found.push(file);
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
      walk.problems.push({ path: relativeTo(walk.options.cwd, display), reason: reasonOf(error) });
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
      walk.binaries += 1;
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

function globs(patterns: readonly string[] | undefined): Ignore | undefined {
  if (patterns === undefined || patterns.length === 0) return undefined;
  return ignore().add(patterns.map((pattern) => pattern.replace(/^\.\//, '/')));
}

function relativeTo(cwd: string, absolute: string): string {
  if (absolute.startsWith(`${cwd}/`)) return absolute.slice(cwd.length + 1);
  const path = relative(cwd, absolute) || '.';
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
