/**
 * The files of a corpus, each with a number for its path and content. A number is never used again, so what is
 * known of all files below some number stays true of them, whatever comes later.
 */
import { lstatSync } from 'node:fs';
import { listFiles } from '../../host/files/list.ts';
import { reasonOf } from '../../host/files/reason.ts';
import { hashOf } from './cache.ts';

export interface CorpusFile {
  /** From the corpus's root, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly raw?: Buffer;
  readonly id: number;
  /** Of the content. */
  readonly hash: string;
  readonly lines: number;
}

/** As the cache keeps it: by these a file counts as unchanged without being read. */
type Row = readonly [
  path: string,
  id: number,
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  inode: number,
  hash: string,
  lines: number,
];

export interface FileTable {
  readonly epoch: string;
  /** When it was written, in milliseconds: files changed after or just before then are read again. */
  readonly at: number;
  readonly next: number;
  readonly rows: readonly Row[];
}

/** One `stat` tick of the coarsest file systems. */
const TICK_MS = 2000;

export interface CorpusListing {
  readonly files: readonly CorpusFile[];
  readonly table: FileTable;
  /** Files whose content was read to know them. */
  readonly read: number;
  /** Contents that were read; what is left to be done with a file need not read it again. */
  readonly contents: ReadonlyMap<number, Buffer>;
  readonly notRead: readonly { readonly path: string; readonly reason: string }[];
}

/** Contents are kept up to this many bytes in all. */
const KEEP_BYTES = 64 << 20;

export interface ListRequest {
  /** Absolute. */
  readonly root: string;
  readonly known: FileTable | undefined;
  readonly newEpoch: string;
  readonly now: number;
  /** Throws for what cannot be read. */
  readonly readContent: (file: { absolute: string; raw?: Buffer }) => Buffer;
}

export async function listCorpus(request: ListRequest): Promise<CorpusListing> {
  const { root, known, now, readContent } = request;
  const byPath = new Map(known?.rows.map((row) => [row[0], row]));
  const rows: Row[] = [];
  const files: CorpusFile[] = [];
  const contents = new Map<number, Buffer>();
  const notRead: { path: string; reason: string }[] = [];
  let next = known?.next ?? 0;
  let read = 0;
  let kept = 0;
  const listing = listFiles({ cwd: root, paths: ['.'], gitignore: false });
  for await (const { absolute, relative: path, raw } of listing.files) {
    const target = { absolute, ...(raw === undefined ? {} : { raw }) };
    try {
      const { size, mtimeMs, ctimeMs, ino } = lstatSync(raw ?? absolute);
      const old = byPath.get(path);
      const isSame =
        old !== undefined &&
        old[2] === size &&
        old[3] === mtimeMs &&
        old[4] === ctimeMs &&
        old[5] === ino &&
        Math.max(mtimeMs, ctimeMs) < (known?.at ?? 0) - TICK_MS;
      let row: Row;
      if (isSame) row = old;
      else {
        const content = readContent(target);
        read++;
        const hash = hashOf(content);
        const id = old?.[6] === hash ? old[1] : next++;
        row = [path, id, size, mtimeMs, ctimeMs, ino, hash, linesIn(content)];
        if (id !== old?.[1] && (kept += content.length) <= KEEP_BYTES) contents.set(id, content);
      }
      rows.push(row);
      files.push({ path, ...target, id: row[1], hash: row[6], lines: row[7] });
    } catch (error) {
      notRead.push({ path, reason: reasonOf(error) });
    }
  }
  notRead.push(...listing.report().problems);
  const table = { epoch: known?.epoch ?? request.newEpoch, at: now, next, rows };
  return { files, table, read, contents, notRead };
}

function linesIn(content: Buffer): number {
  let count = content.length > 0 && content.at(-1) !== 10 ? 1 : 0;
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) count++;
  return count;
}

/** What the cache holds, or undefined for anything else than a table of this engine. */
export function decodeTable(value: unknown, engine: string): FileTable | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { engine: made, table } = value as { engine?: unknown; table?: Partial<FileTable> };
  if (made !== engine || table === undefined) return undefined;
  const { epoch, at, next, rows } = table;
  if (typeof epoch !== 'string' || typeof at !== 'number' || typeof next !== 'number')
    return undefined;
  if (!Array.isArray(rows) || !rows.every(isRow)) return undefined;
  return { epoch, at, next, rows };
}

function isRow(value: unknown): value is Row {
  return (
    Array.isArray(value) &&
    value.length === 8 &&
    typeof value[0] === 'string' &&
    typeof value[6] === 'string' &&
    [1, 2, 3, 4, 5, 7].every((at) => typeof value[at] === 'number')
  );
}
