/**
 * Tells the files that no rule can match, in the thread that lists them. Most files are such, and what
 * this takes is linear and needs no RE2, so it need not be kept apart in a worker.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Scanner } from '../engine/scanner.ts';
import type { ScanTarget } from './protocol.ts';

/** Larger files are left to a worker: this thread has to stay responsive. */
const MAX_BYTES: number = 4 << 20;

export class Sieve {
  readonly #scanner: Pick<Scanner, 'couldMatch'>;
  readonly #buffer: Uint8Array = new Uint8Array(MAX_BYTES);

  constructor(scanner: Pick<Scanner, 'couldMatch'>) {
    this.#scanner = scanner;
  }

  /** Bytes of a file that was read and holds nothing, or undefined when a worker has to look at it. */
  cleanBytes({ absolute, relative, raw }: ScanTarget): number | undefined {
    const length = this.#read(raw === undefined ? absolute : Buffer.from(raw));
    // What reads as empty may be no file at all.
    if (length === 0 || length === MAX_BYTES) return undefined;
    const content = this.#buffer.subarray(0, length);
    return this.#scanner.couldMatch(relative, content, absolute) ? undefined : length;
  }

  /** Bytes read, 0 for what cannot be read: the worker finds the reason. */
  #read(path: string | Buffer): number {
    let descriptor: number;
    try {
      descriptor = openSync(path, READ_FILES_ONLY);
    } catch {
      return 0;
    }
    try {
      // Of a regular file, as the listing says that it is, POSIX gives all that was asked for up to its end.
      return readSync(descriptor, this.#buffer, 0, MAX_BYTES, null);
    } catch {
      return 0;
    } finally {
      closeSync(descriptor);
    }
  }
}

/** Neither follows a link in the last place nor waits on a pipe: what is scanned is hostile. */
export const READ_FILES_ONLY: number =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
