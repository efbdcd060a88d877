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

export type StateFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly value: unknown }
  /** It is there and is not JSON, or is no plain file, or is larger than any state of ours. */
  | { readonly kind: 'corrupt'; readonly reason: string };

const MAX_BYTES = 8 * 1024 * 1024;

/** Reads `path`. Never throws: what cannot be read for want of permission counts as corrupt. */
export function readStateFile(path: string): StateFile {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return reason.startsWith('ENOENT') || reason.startsWith('ENOTDIR')
      ? { kind: 'absent' }
      : { kind: 'corrupt', reason };
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return { kind: 'corrupt', reason: 'not a file' };
    if (stat.size > MAX_BYTES) return { kind: 'corrupt', reason: `${stat.size} bytes` };
    return { kind: 'value', value: JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    // The text of a parse error quotes the file, which may hold code from an older writer.
    const syntax = error instanceof SyntaxError;
    return { kind: 'corrupt', reason: syntax ? 'not JSON' : String(error) };
  } finally {
    closeSync(file);
  }
}

/** Replaces `path` in one step, 0600: a reader sees the old text or the new one. Throws as `node:fs` does. */
export function replaceStateFile(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.${process.hrtime.bigint().toString(36)}.tmp`;
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeAll(file, Buffer.from(JSON.stringify(value)));
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
