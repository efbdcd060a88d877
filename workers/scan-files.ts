/** Reads files and scans them, one after another, in whichever thread it is called. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ScanResult } from '../engine/finding.ts';
import type { Scanner } from '../engine/scanner.ts';
import { contentKey } from './content-key.ts';
import type { FileStat } from './memory.ts';
import { NOT_SCANNED } from './protocol.ts';
import type {
  FileOutcome,
  ReadContent,
  ReadKey,
  ScanReply,
  ScanTarget,
  ScanTask,
} from './protocol.ts';
import { READ_FILES_ONLY } from './sieve.ts';

/** RE2's heap ends at 1 GiB, and it needs room for a match as long as the text. */
export const MAX_FILE_BYTES: number = 256 * 1024 * 1024;
const FIRST_BUFFER: number = 1 << 20;

interface ReadFile {
  readonly bytes: Uint8Array;
  /** From before it was read. */
  readonly stat?: FileStat;
}

export class FileScanner {
  private readonly scanner: Scanner;
  private buffer: Uint8Array = new Uint8Array(FIRST_BUFFER);

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  /** `onBegin` is told the number of targets begun so far, before each one. */
  scan(
    { targets, keys: wantsKeys, areMany }: Omit<ScanTask, 'progress'>,
    onBegin: (count: number) => void,
  ): ScanReply {
    if (areMany) this.scanner.expectMany();
    const outcomes: FileOutcome[] = [];
    const keys: (ReadKey | undefined)[] = [];
    const sizes = targets.map((target, index) => {
      onBegin(index + 1);
      const { relative: path, absolute } = target;
      const read = target.content ?? this.contentOf(target);
      if (typeof read === 'string') {
        outcomes.push({ kind: 'not-scanned', path, reason: read });
        return NOT_SCANNED;
      }
      const content = read.bytes;
      if (wantsKeys) keys[index] = keyOf(path, read, target.raw === undefined);
      const bytes = content.length;
      const seen = target.content?.seen;
      const result = this.scanner.scan(path, content, absolute, undefined, seen);
      if (isWorthTelling(result)) outcomes.push({ kind: 'scanned', path, bytes, result });
      return bytes;
    });
    return { outcomes, sizes, keys };
  }

  /** Why there is none, in words. */
  private contentOf({ absolute, raw }: ScanTarget): ReadFile | string {
    try {
      return this.read(raw === undefined ? absolute : Buffer.from(raw));
    } catch (error) {
      return reasonOf(error);
    }
  }

  private read(path: string | Buffer): ReadFile {
    const descriptor = openSync(path, READ_FILES_ONLY);
    try {
      const stat = fstatSync(descriptor);
      if (!stat.isFile()) throw new Error('not a regular file');
      if (stat.size > MAX_FILE_BYTES) {
        throw new Error(`${stat.size} bytes; files above ${MAX_FILE_BYTES} bytes are not scanned`);
      }
      if (stat.size >= this.buffer.length) this.buffer = new Uint8Array(stat.size + FIRST_BUFFER);
      let length = 0;
      while (length < this.buffer.length) {
        const count = readSync(descriptor, this.buffer, length, this.buffer.length - length, null);
        if (count === 0) break;
        length += count;
        if (length >= stat.size && stat.size > 0) break;
      }
      return { bytes: this.buffer.subarray(0, length), stat };
    } finally {
      closeSync(descriptor);
    }
  }
}

function keyOf(
  path: string,
  { bytes, key, stat }: ReadFile & Partial<ReadContent>,
  isText: boolean,
): ReadKey {
  const known = key ?? contentKey(path, bytes);
  // What changed while it was read is not what the file system says.
  if (stat === undefined || stat.size !== bytes.length || !isText) return { key: known };
  const { dev, ino, size, mtimeMs, ctimeMs } = stat;
  return { key: known, stat: { dev, ino, size, mtimeMs, ctimeMs } };
}

function isWorthTelling({ findings, suppressed, incomplete }: ScanResult): boolean {
  return findings.length + suppressed.length + incomplete.length > 0;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'the file is gone',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ELOOP: 'a symbolic link, which is never followed',
    EISDIR: 'a directory',
  };
  return known[code] ?? error.message;
}
