/** What earlier scans found, by `contentKey`. */
import type { ScanResult } from '../engine/finding.ts';

export interface Known {
  /** Absent where there was nothing to tell. */
  readonly result?: ScanResult;
}

/** What the file system says of a file; times in milliseconds since 1970. */
export interface FileStat {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** No program can set it: it is when the file was last written, renamed, or its `mtimeMs` set. */
  readonly ctimeMs: number;
}

export interface Memory {
  /** How many contents it began with. */
  readonly size: number;
  /** Undefined: the content has to be scanned. */
  recall(key: string): Known | undefined;
  /** Told of each content that was scanned now, in no order; without a result there was nothing to tell. */
  keep(key: string, result?: ScanResult): void;
  /** The key of a file that is as it was when it was read; undefined: it has to be read. */
  keyOf(relative: string, stat: FileStat): string | undefined;
  /** Told of each file that was read: `stat` is from before that. */
  keepKey(relative: string, stat: FileStat, key: string): void;
}
