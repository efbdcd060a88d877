/** Reading and replacing one small JSON file that several processes share. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';

/** What `readPlainFile` found. */
export type PlainFile<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Opens `path` without waiting for a pipe and lets `read` have it. Never throws, what `read` throws included. */
export function readPlainFile<T>(
  path: string,
  read: (file: number, size: number) => T,
): PlainFile<T> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const reason = wordsOf(error);
    return reason.startsWith('ENOENT') || reason.startsWith('ENOTDIR')
      ? { kind: 'absent' }
      : { kind: 'unreadable', reason };
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return { kind: 'unreadable', reason: 'it is no file' };
    return { kind: 'read', value: read(file, stat.size) };
  } catch (error) {
    return { kind: 'unreadable', reason: wordsOf(error) };
  } finally {
    closeSync(file);
  }
}

export type StateFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly value: unknown }
  /** It is there and is not JSON, or is no plain file, or is larger than any state of ours. */
  | { readonly kind: 'corrupt'; readonly reason: string };

const MAX_BYTES = 8 * 1024 * 1024;

/** Reads `path`. Never throws: what cannot be read for want of permission counts as corrupt. */
export function readStateFile(path: string): StateFile {
  const read = readPlainFile(path, (file, size) => {
    if (size > MAX_BYTES) throw new Error(`${size} bytes`);
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  });
  switch (read.kind) {
    case 'read':
      return { kind: 'value', value: read.value };
    case 'unreadable':
      return { kind: 'corrupt', reason: read.reason };
    case 'absent':
      return read;
  }
}

function wordsOf(error: unknown): string {
  // The text of a parse error quotes the file, which may hold code from an older writer.
  if (error instanceof SyntaxError) return 'not JSON';
  return error instanceof Error ? error.message : 'unknown';
}

/** `replaceFile` with `value` as JSON. */
export function replaceStateFile(path: string, value: unknown): void {
  replaceFile(path, JSON.stringify(value));
}

/** Replaces `path` in one step, 0600: a reader sees the old text or the new one. Throws as `node:fs` does. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.${process.hrtime.bigint().toString(36)}.tmp`;
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeAll(file, Buffer.from(text));
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    quietly(() => closeSync(file));
    quietly(() => unlinkSync(temporary));
    throw error;
  }
}

/** Moves a corrupt file out of the way, keeping one for whoever looks. Never throws. */
export function setAside(path: string): void {
  quietly(() => renameSync(path, `${path}.corrupt`));
}

/** One `write` may take less than it was given: a nearly full disk writes what fits. */
function writeAll(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // The caller has a failure of its own to report.
  }
}
