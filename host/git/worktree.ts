/**
 * Reads files of a worktree without leaving it: no symbolic link is followed, neither as the file nor as
 * a folder on the way, and nothing but plain files is opened.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import type { BytePath } from './path.ts';
import { filePath, isSafePath } from './path.ts';
import type { ObjectFormat } from './repo.ts';

export type FileMode = '100644' | '100755' | '120000';

/** What `lstat` says that changes when content does: size, mtime, ctime (ms since the epoch), inode. */
export type FileStat = readonly [size: number, mtimeMs: number, ctimeMs: number, ino: number];

export interface Found {
  readonly mode: FileMode;
  readonly stat: FileStat;
}

export interface Worktree {
  /** What is at `path` now: undefined for nothing, a folder, a device, or a path through a link. */
  find(path: BytePath): Found | undefined;
  /** Content, or a link's target; a reason where there is none to give. */
  read(path: BytePath, maxBytes: number): Read;
}

export type Read =
  | { readonly kind: 'bytes'; readonly mode: FileMode; readonly bytes: Buffer }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unread'; readonly reason: string };

/** The worktree at `root`, a real path. Folders are checked once, so it is for one pass over the files. */
export function openWorktree(root: string): Worktree {
  const folders = new Map<BytePath, boolean>([['', true]]);
  const isRealFolder = (folder: BytePath): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const real =
      isRealFolder(parentOf(folder)) && statAt(filePath(root, folder))?.isDirectory() === true;
    folders.set(folder, real);
    return real;
  };
  const find = (path: BytePath): Found | undefined => {
    if (!isSafePath(path) || !isRealFolder(parentOf(path))) return undefined;
    const stat = statAt(filePath(root, path));
    const mode = stat === undefined ? undefined : modeOf(stat);
    if (stat === undefined || mode === undefined) return undefined;
    return { mode, stat: [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino] };
  };
  return {
    find,
    read(path, maxBytes) {
      const found = find(path);
      if (found === undefined) return { kind: 'gone' };
      const [size] = found.stat;
      if (size > maxBytes) return { kind: 'unread', reason: tooLarge(size) };
      try {
        const place = filePath(root, path);
        const bytes =
          found.mode === '120000'
            ? readlinkSync(place, { encoding: 'buffer' })
            : readPlainFile(place, maxBytes);
        return { kind: 'bytes', mode: found.mode, bytes };
      } catch (error) {
        return { kind: 'unread', reason: reasonOf(error) };
      }
    },
  };
}

/** Id of a blob with these bytes. */
export function blobId(format: ObjectFormat, bytes: Uint8Array): string {
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

export function tooLarge(size: number): string {
  return `larger than is read (${size} bytes)`;
}

function readPlainFile(path: string | Buffer, maxBytes: number): Buffer {
  // Never waits for the other end of a pipe that took the file's place.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = openSync(path, flags);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('no plain file');
    if (stat.size > maxBytes) throw new Error(tooLarge(stat.size));
    const bytes = Buffer.allocUnsafe(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function statAt(path: string | Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // Not permitted, too long, or a part of the path is no folder.
    return undefined;
  }
}

function modeOf(stat: Stats): FileMode | undefined {
  if (stat.isSymbolicLink()) return '120000';
  if (!stat.isFile()) return undefined;
  return (stat.mode & 0o100) === 0 ? '100644' : '100755';
}

function parentOf(path: BytePath): BytePath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** `node:fs` puts the path into its messages, which is said beside the reason anyway. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : 'unknown';
  return /^E[A-Z]+/.exec(message)?.[0] ?? message;
}
