/** Logs of how a ref moved, read without git: the repository's settings play no part. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface RefMove {
  readonly from: string;
  readonly to: string;
  /** The committer's clock, which the environment may have set to anything. */
  readonly seconds: number;
  readonly what: string;
}

export interface RefLog {
  /** Oldest first. */
  readonly moves: readonly RefMove[];
  /** Bytes, 0 where there is no log. */
  readonly size: number;
  /** When it was written last, in milliseconds since 1970. */
  readonly mtimeMs: number;
}

const ENTRY = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t]*> (\d+) [+-]\d+(?:\t(.*))?$/;
const MAX_BYTES = 1024 * 1024;
const NO_LOG: RefLog = Object.freeze({ moves: [], size: 0, mtimeMs: 0 });

/** What stands behind `fromByte`, of a long log the newest part. A log that became shorter is read as a whole. */
export function readRefLog(path: string, fromByte: number): RefLog {
  let file: number | undefined;
  try {
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    file = openSync(path, flags);
    const stat = fstatSync(file);
    if (!stat.isFile()) return NO_LOG;
    const { size, mtimeMs } = stat;
    const start = Math.max(fromByte > size ? 0 : fromByte, size - MAX_BYTES);
    const bytes = Buffer.alloc(size - start);
    const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, start));
    return { moves: text.split('\n').flatMap(moveIn), size, mtimeMs };
  } catch {
    return NO_LOG;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function moveIn(line: string): RefMove[] {
  const [, from, to, seconds, what = ''] = ENTRY.exec(line) ?? [];
  return from === undefined || to === undefined
    ? []
    : [{ from, to, seconds: Number(seconds), what }];
}
