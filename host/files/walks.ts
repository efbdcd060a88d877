/** The two ways to walk below a folder: see docs/decisions/0010-two-walks.md. */
import type { Dirent } from 'node:fs';
import type { ListedFile } from './list.ts';
import type { NameTable } from './names.ts';

export type FolderReader = (folder: string) => Dirent[];
export type Lister = (path: string) => ListedFile | undefined;

/** All that is below `base`, in the order of the paths. */
export function* walkPlainly(
  base: string,
  read: FolderReader,
  listed: Lister,
  names: NameTable,
): Generator<ListedFile[]> {
  const open = (folder: string): OpenFolder => ({
    folder,
    entries: read(folder)
      .map((entry): SortedEntry => {
        const { display } = names.resolve(entry.name);
        // What is below a folder sorts by the slash behind its name.
        return { entry, key: entry.isDirectory() ? `${display}/` : display };
      })
      .sort((a, b) => (a.key < b.key ? 1 : -1)),
  });
  const path = [open(base)];
  let batch: ListedFile[] = [];
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const next = last.entries.pop();
    if (next === undefined) {
      path.pop();
      continue;
    }
    const full = `${last.folder}/${next.entry.name}`;
    if (next.entry.isDirectory()) path.push(open(full));
    else {
      const file = listed(full);
      if (file !== undefined) batch.push(file);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Files at a time: enough to hide what handing over costs. */
const BATCH = 64;

interface SortedEntry {
  readonly entry: Dirent;
  readonly key: string;
}
interface OpenFolder {
  readonly folder: string;
  /** Last first. */
  readonly entries: SortedEntry[];
}

export async function* walkGlob(
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
