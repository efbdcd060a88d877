/**
 * What sessions were told and their files do not say yet: one file for a state folder, to which a line is appended for
 * each claim. That takes no lock and no new file, so it is done before an answer, and outlives a process that is killed.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { claimOf } from './claims.ts';
import type { Claim } from './claims.ts';
import { readPlainFile, replaceFile } from './file.ts';
import { TOLD_JOURNAL, sessionKey } from './key.ts';

/** A larger one is neither read nor added to, in bytes. */
const MAX_BYTES = 1024 * 1024;
/** How much one grows before it is emptied, in bytes. */
const STEP = 128 * 1024;

/** A claim of the session with this key. */
export interface Entry {
  readonly key: string;
  readonly claim: Claim;
}

/** The text of the journal in `dir`, empty where there is none that can be read. Never throws. */
export function readJournal(dir: string): string {
  const read = readPlainFile(join(dir, TOLD_JOURNAL), (file, size) =>
    size > MAX_BYTES ? '' : readFileSync(file, 'utf8'),
  );
  return read.kind === 'read' ? read.value : '';
}

/** What `journal` says of the session with this key, oldest first. */
export function claimsIn(journal: string, key: string): Claim[] {
  // Most lines are about other sessions.
  const lines = journal.split('\n').filter((line) => line.startsWith(`["${key}",`));
  return lines.flatMap((line) => entryOf(line)?.claim ?? []);
}

/** Lines that say nothing, such as one that a full disk cut short, are left out. */
export function entriesOf(journal: string): Entry[] {
  return journal.split('\n').flatMap((line) => entryOf(line) ?? []);
}

/** The journal of a process that lives long: it reads only what others wrote. */
export class Journal {
  readonly dir: string;
  readonly #path: string;
  /** While it is open no other file has its number. */
  #open: { readonly file: number; readonly dev: number; readonly ino: number } | undefined;
  #opened = 0;
  /** Bytes of it that `#claims` says. */
  #size = 0;
  #claims = new Map<string, Claim[]>();
  #readings = 0;

  constructor(dir: string) {
    this.dir = dir;
    this.#path = join(dir, TOLD_JOURNAL);
  }

  /** How often the whole of it was read: what is known of it grows only, until this changes. */
  get readings(): number {
    return this.#readings;
  }

  /** Keys of the sessions that it says something of. */
  get keys(): readonly string[] {
    return [...this.#claims.keys()];
  }

  /** What it says of the session with this key, oldest first. */
  claims(key: string): readonly Claim[] {
    return this.#claims.get(key) ?? [];
  }

  /** Learns what others wrote. False where the journal does not serve. Never throws. */
  refresh(): boolean {
    try {
      const stat = lstatSync(this.#path, { throwIfNoEntry: false });
      const isOpen =
        stat !== undefined && stat.ino === this.#open?.ino && stat.dev === this.#open.dev;
      if (!isOpen) this.#reopen();
      else if (stat.size !== this.#size) this.#readAll();
      return this.#open !== undefined;
    } catch {
      this.close();
      return false;
    }
  }

  /** Whether it should have been emptied long ago. */
  get isFull(): boolean {
    return this.#size > MAX_BYTES / 2;
  }

  /** To a journal that was refreshed; undefined where it took no more. Never throws. */
  append(entry: Entry): 'noted' | 'long' | undefined {
    // A line begins with its line feed, so that one which was cut short does not spoil the next.
    const line = Buffer.from(`\n${JSON.stringify([entry.key, entry.claim])}`);
    const [before, after] = [this.#size, this.#size + line.length];
    if (this.#open === undefined || after > MAX_BYTES) return undefined;
    try {
      if (writeSync(this.#open.file, line) < line.length) return undefined;
    } catch {
      return undefined;
    }
    // Where another process wrote at the same moment it is longer, and is read again.
    this.#size = after;
    this.#add(entry);
    return Math.floor(after / STEP) > Math.floor(before / STEP) ? 'long' : 'noted';
  }

  /** How much of it is known, for `drop`. */
  get mark(): Mark {
    return { opened: this.#opened, size: this.#size };
  }

  /** Takes away what was known at `mark`, unless another process was faster. Throws as `node:fs` does. */
  drop(mark: Mark): void {
    if (!this.refresh() || this.#open === undefined) return;
    if (mark.opened !== this.#opened || mark.size > this.#size) return;
    const rest = Buffer.alloc(this.#size - mark.size);
    const length = readSync(this.#open.file, rest, 0, rest.length, mark.size);
    // Windows does not replace a file that is open.
    this.close();
    replaceFile(this.#path, rest.toString('utf8', 0, length));
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open.file);
    this.#open = undefined;
    this.#size = 0;
    this.#claims = new Map();
    this.#readings += 1;
  }

  #reopen(): void {
    this.close();
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
    const flags = O_RDWR | O_APPEND | O_CREAT | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);
    const file = openSync(this.#path, flags, 0o600);
    const { dev, ino } = fstatSync(file);
    this.#open = { file, dev, ino };
    this.#opened += 1;
    this.#readAll();
  }

  #readAll(): void {
    if (this.#open === undefined) return;
    const stat = fstatSync(this.#open.file);
    if (!stat.isFile() || stat.size > MAX_BYTES) throw new Error('no journal of ours');
    const bytes = Buffer.alloc(stat.size);
    const length = readSync(this.#open.file, bytes, 0, bytes.length, 0);
    this.#readings += 1;
    this.#claims = new Map();
    for (const entry of entriesOf(bytes.toString('utf8', 0, length))) this.#add(entry);
    this.#size = length;
  }

  #add({ key, claim }: Entry): void {
    const claims = this.#claims.get(key);
    if (claims === undefined) this.#claims.set(key, [claim]);
    else claims.push(claim);
  }
}

/** The first `size` bytes of the file that was opened as the `opened`th. */
export interface Mark {
  readonly opened: number;
  readonly size: number;
}

function entryOf(line: string): Entry | undefined {
  if (line === '') return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    if (!Array.isArray(entry)) return undefined;
    const [key, value]: readonly unknown[] = entry;
    const claim = claimOf(value);
    // The key becomes part of a path.
    if (typeof key !== 'string' || sessionKey(undefined, key) !== key) return undefined;
    return claim === undefined ? undefined : { key, claim };
  } catch {
    return undefined;
  }
}
