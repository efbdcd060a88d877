/** Reads a file whose name is not UTF-8: its path exists as bytes only. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Follows no link in the last place and waits on no pipe. Throws what the file system says. */
export function readRaw(path: Buffer): Buffer {
  const descriptor = openSync(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  );
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error('not a regular file');
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
