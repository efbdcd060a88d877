/**
 * Settles what needs no worker, in the thread that lists files: those that are known from an earlier scan, and those
 * that no rule can match. Most files are such, and what this takes is linear and needs no RE2.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import type { Scanner } from '../engine/scanner.ts';
import { contentKey } from './content-key.ts';
import type { FileStat, Known, Memory } from './memory.ts';
import type { FileOutcome, ScanTarget } from './protocol.ts';
import type { Slot } from './slots.ts';

/** Larger files are left to a worker: this thread has to stay responsive. */
const MAX_BYTES: number = 4 << 20;

/** A file that was read here. */
export interface Settled {
  readonly bytes: number;
  /** Where there is something to tell. */
  readonly outcome?: FileOutcome;
}

export class Sieve {
  readonly #scanner: () => Pick<Scanner, 'look'> | undefined;
  readonly #memory: Memory | undefined;
  readonly #buffer: Uint8Array = new Uint8Array(MAX_BYTES);
  #made: Pick<Scanner, 'look'> | undefined;

  /** `scanner` is called when a file is not known; as long as it gives none, such files are left to a worker. */
  constructor(scanner: () => Pick<Scanner, 'look'> | undefined, memory?: Memory) {
    this.#scanner = scanner;
    this.#memory = memory;
  }

  /** What a worker has to look at comes back as it is, or with what was read and seen where `slot` has room for it. */
  look(target: ScanTarget, slot?: Pick<Slot, 'add'>): Settled | ScanTarget {
    const { absolute, relative, raw } = target;
    const recalled = raw === undefined ? this.#recalled(target) : undefined;
    if (recalled !== undefined) return recalled;
    const read = this.#read(raw === undefined ? absolute : Buffer.from(raw));
    if (read === undefined || read.bytes === MAX_BYTES) return target;
    const { bytes, stat } = read;
    const content = this.#buffer.subarray(0, bytes);
    const key = this.#memory === undefined ? undefined : contentKey(relative, content);
    if (key !== undefined && stat !== undefined && raw === undefined)
      this.#memory?.keepKey(relative, stat, key);
    const known = key === undefined ? undefined : this.#memory?.recall(key);
    if (known !== undefined) return settled(relative, bytes, known);
    this.#made ??= this.#scanner();
    if (this.#made === undefined) return target;
    const { couldMatch, seen } = this.#made.look(relative, content, absolute);
    if (couldMatch) {
      const copy = seen && slot?.add(content);
      return seen === undefined || copy === undefined
        ? target
        : { ...target, content: { bytes: copy, seen, key } };
    }
    if (key !== undefined) this.#memory?.keep(key);
    return { bytes };
  }

  /** Without reading the file: it is as it was when what is in it was found. */
  #recalled({ absolute, relative }: ScanTarget): Settled | undefined {
    const memory = this.#memory;
    if (memory === undefined || memory.size === 0) return undefined;
    let stat;
    try {
      stat = lstatSync(absolute, { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
    if (stat?.isFile() !== true) return undefined;
    const key = memory.keyOf(relative, stat);
    const known = key === undefined ? undefined : memory.recall(key);
    return known && settled(relative, stat.size, known);
  }

  /** Bytes read, undefined for what cannot be read: the worker finds the reason. */
  #read(path: string | Buffer): { readonly bytes: number; readonly stat?: FileStat } | undefined {
    let descriptor: number;
    try {
      descriptor = openSync(path, READ_FILES_ONLY);
    } catch {
      return undefined;
    }
    try {
      const stat = this.#memory === undefined ? undefined : fstatSync(descriptor);
      // Of a regular file, as the listing says that it is, POSIX gives all that was asked for up to its end.
      const bytes = readSync(descriptor, this.#buffer, 0, MAX_BYTES, null);
      // What reads as empty may be no file at all.
      if (bytes === 0 && !fstatSync(descriptor).isFile()) return undefined;
      return stat?.isFile() === true && stat.size === bytes ? { bytes, stat } : { bytes };
    } catch {
      return undefined;
    } finally {
      closeSync(descriptor);
    }
  }
}

function settled(path: string, bytes: number, { result }: Known): Settled {
  return result === undefined
    ? { bytes }
    : { bytes, outcome: { kind: 'scanned', path, bytes, result } };
}

/** Neither follows a link in the last place nor waits on a pipe: what is scanned is hostile. */
export const READ_FILES_ONLY: number =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
