/**
 * `--resume`: what a scan found so far, kept beside the state of the hooks until the scan is through. A scan that was
 * killed is begun again from it. One line a file; a last line that was not written whole is none.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ScanResult } from '../../engine/finding.ts';
import { reasonOf } from '../../host/files/reason.ts';
import { makePrivateDir } from '../../host/state/dir.ts';
import { acquireLock } from '../../host/state/lock.ts';
import type { ScanTarget } from '../../workers/protocol.ts';
import type { Memory, Remembered } from '../../workers/scan-run.ts';

export interface Journal extends Memory {
  /** Files that an earlier run scanned. */
  readonly known: number;
  /** Writes what waits; after it nothing may be kept. */
  close(): void;
  /** The scan is through: nothing is left to go on with. */
  finish(): void;
}

export type OpenedJournal =
  | { readonly kind: 'open'; readonly journal: Journal }
  | { readonly kind: 'refused'; readonly reason: string };

/** Path, stamp, bytes, and the result where there was something to tell. */
type Line = readonly [string, string, number, ScanResult?];

const FOLDER = 'scans';
const FLUSH_BYTES = 1 << 16;
/** A scan that nobody goes on with for so long is forgotten. */
const KEEP_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * `identity` is everything that decides what is found in a file: another one has another journal.
 * `now` is in milliseconds since 1970.
 */
export async function openJournal(
  stateDir: string,
  identity: unknown,
  now: number,
): Promise<OpenedJournal> {
  const folder = join(stateDir, FOLDER);
  const key = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
  const path = join(folder, `${key}.jsonl`);
  try {
    makePrivateDir(folder);
    forgetOld(folder, now);
  } catch (error) {
    return refused(`cannot keep what is found in ${folder}: ${reasonOf(error)}`);
  }
  // Its owner's process decides, not its age: a scan may take hours.
  const lock = await acquireLock(`${path}.lock`, { waitMs: 0, staleMs: KEEP_MS });
  if (lock.kind === 'busy') return refused('the same scan is running with --resume already');
  if (lock.kind === 'unavailable')
    return refused(`cannot keep what is found in ${folder}: ${lock.reason}`);
  try {
    return { kind: 'open', journal: new FileJournal(path, lock.release) };
  } catch (error) {
    lock.release();
    return refused(`cannot keep what is found in ${path}: ${reasonOf(error)}`);
  }
}

function refused(reason: string): OpenedJournal {
  return { kind: 'refused', reason };
}

class FileJournal implements Journal {
  readonly known: number;
  readonly #path: string;
  readonly #file: number;
  readonly #release: () => void;
  /** Lines of an earlier run, by path. */
  readonly #lines = new Map<string, string>();
  /** Stamps from before a file was read: what changes meanwhile is scanned again. */
  readonly #stamps = new Map<string, string>();
  #waiting = '';

  constructor(path: string, release: () => void) {
    this.#path = path;
    this.#release = release;
    this.#file = openSync(path, 'a+', 0o600);
    const text = readFileSync(this.#file, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    for (const line of text.slice(0, end).split('\n')) {
      const name = decodeLine(line)?.[0];
      if (name !== undefined) this.#lines.set(name, line);
    }
    this.known = this.#lines.size;
    ftruncateSync(this.#file, Buffer.byteLength(text.slice(0, end)));
  }

  recall(target: ScanTarget): Remembered | undefined {
    const stamp = stampOf(target);
    if (stamp === undefined) return undefined;
    const known = decodeLine(this.#lines.get(target.relative) ?? '');
    this.#lines.delete(target.relative);
    if (known?.[1] !== stamp) {
      this.#stamps.set(target.relative, stamp);
      return undefined;
    }
    const [path, , bytes, result] = known;
    return {
      bytes,
      ...(result !== undefined && { outcome: { kind: 'scanned', path, bytes, result } }),
    };
  }

  keep({ relative }: ScanTarget, { bytes, outcome }: Remembered): void {
    const stamp = this.#stamps.get(relative);
    this.#stamps.delete(relative);
    if (stamp === undefined || outcome?.kind === 'not-scanned') return;
    const line: Line =
      outcome === undefined ? [relative, stamp, bytes] : [relative, stamp, bytes, outcome.result];
    this.#waiting += `${JSON.stringify(line)}\n`;
    if (this.#waiting.length >= FLUSH_BYTES) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
    this.#release();
  }

  finish(): void {
    this.#waiting = '';
    closeSync(this.#file);
    unlinkSync(this.#path);
    this.#release();
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
  }
}

/** Undefined for what this module did not write. */
function decodeLine(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isLine =
      Array.isArray(value) &&
      typeof value[0] === 'string' &&
      typeof value[1] === 'string' &&
      typeof value[2] === 'number';
    // The folder is the user's own, and the key names the version that wrote the line.
    return isLine ? (value as unknown as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** Changes whenever the file's content may have. */
function stampOf({ absolute, raw }: ScanTarget): string | undefined {
  try {
    const path = raw === undefined ? absolute : Buffer.from(raw);
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return undefined;
  }
}

function forgetOld(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - written > KEEP_MS) unlinkSync(path);
  }
}
