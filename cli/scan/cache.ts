/**
 * What earlier scans of a folder found, by content, and which content which file had: what has not changed is not
 * searched again, and what was not touched is not even read. In the user's cache folder, 0600, a line for each content
 * and for each file. A line that was not written whole is none, so a scan that is killed loses a few lines, and several
 * scans may write at the same time.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ScanResult } from '../../engine/finding.ts';
import { reasonOf } from '../../host/files/reason.ts';
import { makePrivateDir } from '../../host/state/dir.ts';
import type { FileStat, Known, Memory } from '../../workers/memory.ts';
import { boundCache, MAX_CACHE_BYTES } from '../cache/bound.ts';

export type OpenedCache =
  | { readonly kind: 'open'; readonly cache: ScanCache }
  | { readonly kind: 'refused'; readonly reason: string };

const FOLDER = 'scan';
/** Length of a `contentKey`. */
const KEY_CHARS = 43;
const FLUSH_CHARS = 1 << 16;
/** So many lines that the last scan did not need are not worth writing the file anew. */
const SPARE_LINES = 4096;
/**
 * A file that was changed within so long before the scan began is read again the next time. It may be changed once
 * more at the same time, as far as its file system can tell; and while a page of it that a program has mapped waits to
 * be written to the disk, for up to 35 s by Linux's defaults, the program changes it unseen.
 */
const UNSETTLED_MS = 60_000;

/**
 * `identity` is everything beside a file's path and content that decides what is found in it: another one has
 * another file below `root`. `now` is in milliseconds since 1970.
 */
export function openScanCache(root: string, identity: unknown, now: number): OpenedCache {
  const folder = join(root, FOLDER);
  const key = createHash('sha256').update(JSON.stringify(identity)).digest('base64url');
  try {
    makePrivateDir(folder);
    // For scans of a folder that this one is in.
    const ignore = join(folder, '.gitignore');
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
    boundCache(folder, now);
    return { kind: 'open', cache: new ScanCache(join(folder, `${key}.known`), now) };
  } catch (error) {
    return { kind: 'refused', reason: `${folder}: ${reasonOf(error)}` };
  }
}

export class ScanCache implements Memory {
  readonly size: number;
  readonly #path: string;
  readonly #file: number;
  /** By key, what follows it in its line. */
  readonly #lines = new Map<string, string>();
  readonly #used = new Set<string>();
  /** By path, in Latin-1. */
  readonly #files = new Map<string, KnownFile>();
  readonly #usedFiles = new Set<string>();
  /** Lines of files for which there is a later one. */
  #superseded = 0;
  readonly #now: number;
  #waiting = '';
  #problem: string | undefined;

  /** Throws where the file cannot be read and written. `now` is in milliseconds since 1970, from before the scan. */
  constructor(path: string, now: number) {
    this.#path = path;
    this.#now = now;
    this.#file = openSync(path, FLAGS, 0o600);
    const stat = fstatSync(this.#file);
    if (!stat.isFile()) throw new Error('it is no file');
    if (stat.size > MAX_CACHE_BYTES) ftruncateSync(this.#file);
    const text = readFileSync(this.#file, 'latin1');
    for (const line of text.split('\n')) {
      if (line.startsWith(FILE)) {
        this.#readFile(line);
        continue;
      }
      const rest = line.slice(KEY_CHARS);
      if (WHOLE.test(rest)) this.#lines.set(line.slice(0, KEY_CHARS), rest);
    }
    this.size = this.#lines.size;
    // Behind what is no whole line another one would be none either.
    if (text !== '' && !text.endsWith('\n')) this.#waiting = '\n';
  }

  /** Why nothing more could be kept, on a full disk for instance; the scan goes on. */
  get problem(): string | undefined {
    return this.#problem;
  }

  recall(key: string): Known | undefined {
    const rest = this.#lines.get(key);
    const known = rest === undefined ? undefined : read(rest);
    if (known !== undefined) this.#used.add(key);
    return known;
  }

  keep(key: string, result?: ScanResult): void {
    const rest = written(result);
    this.#lines.set(key, rest);
    this.#used.add(key);
    this.#write(`${key}${rest}`);
  }

  keyOf(relative: string, stat: FileStat): string | undefined {
    const path = latin1(relative);
    const file = this.#files.get(path);
    if (file?.stat !== statText(stat)) return undefined;
    this.#usedFiles.add(path);
    return file.key;
  }

  keepKey(relative: string, stat: FileStat, key: string): void {
    const { ctimeMs } = stat;
    if (ctimeMs <= 0 || ctimeMs + UNSETTLED_MS >= this.#now || relative.includes('\n')) return;
    const path = latin1(relative);
    const file = { key, stat: statText(stat) };
    this.#usedFiles.add(path);
    const known = this.#files.get(path);
    if (known?.key === key && known.stat === file.stat) return;
    this.#setFile(path, file);
    this.#write(fileLine(path, file));
  }

  /** Nothing may be kept after it. `isWhole`: what this scan did not use belongs to no file any more. */
  close(isWhole: boolean, now: number): void {
    this.#flush();
    try {
      futimesSync(this.#file, now / 1000, now / 1000);
      const known = this.#lines.size + this.#files.size;
      const used = this.#used.size + this.#usedFiles.size;
      if (isWhole && known + this.#superseded > used * 2 + SPARE_LINES)
        this.#rewrite(this.#used, this.#usedFiles);
      else if (this.#superseded > known + SPARE_LINES)
        this.#rewrite(this.#lines.keys(), this.#files.keys());
    } catch (error) {
      this.#problem ??= reasonOf(error);
    } finally {
      closeSync(this.#file);
    }
  }

  #write(line: string): void {
    this.#waiting += `${line}\n`;
    if (this.#waiting.length >= FLUSH_CHARS) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting, 'latin1');
    this.#waiting = '';
    if (this.#problem !== undefined) return;
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    } catch (error) {
      this.#problem = reasonOf(error);
    }
  }

  #readFile(line: string): void {
    if (!line.endsWith(FILE_END)) return;
    const body = line.slice(1 + KEY_CHARS, -FILE_END.length);
    const middle = body.indexOf('//');
    const file = { key: line.slice(1, 1 + KEY_CHARS), stat: body.slice(0, middle) };
    this.#setFile(body.slice(middle + 2), file);
  }

  #setFile(path: string, file: KnownFile): void {
    if (this.#files.has(path)) this.#superseded++;
    this.#files.set(path, file);
  }

  #rewrite(keys: Iterable<string>, paths: Iterable<string>): void {
    const lines = Array.from(keys, (key) => `${key}${this.#lines.get(key) ?? ''}\n`);
    for (const path of paths) {
      const file = this.#files.get(path);
      if (file !== undefined) lines.push(`${fileLine(path, file)}\n`);
    }
    const temporary = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(temporary, lines.join(''), { mode: 0o600, flag: 'wx', encoding: 'latin1' });
    renameSync(temporary, this.#path);
  }
}

const FLAGS =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/** What follows a key: the end of the line says that it is whole, since one cut short must not read as "nothing found". */
const WHOLE = /^(?::[A-Za-z0-9_-]+)?\.$/;

/** A file's line begins with a sign that no key has, and ends with one that no path has. */
const FILE = '@';
const FILE_END = '//.';

interface KnownFile {
  /** Of its content. */
  readonly key: string;
  /** As `statText`. */
  readonly stat: string;
}

function fileLine(path: string, { key, stat }: KnownFile): string {
  return `${FILE}${key}${stat}//${path}${FILE_END}`;
}

function statText({ dev, ino, size, mtimeMs, ctimeMs }: FileStat): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

/** As all of the cache is written. */
function latin1(path: string): string {
  return ASCII.test(path) ? path : Buffer.from(path).toString('latin1');
}

// oxlint-disable-next-line no-control-regex -- ASCII is what it is about
const ASCII = /^[\x00-\x7f]*$/;

/** Packed: the cache may be in a folder that is scanned, and its lines are no code. */
function written(result: ScanResult | undefined): string {
  if (result === undefined) return '.';
  return `:${deflateRawSync(JSON.stringify(result)).toString('base64url')}.`;
}

function read(rest: string): Known | undefined {
  if (rest === '.') return {};
  try {
    const text = inflateRawSync(Buffer.from(rest.slice(1, -1), 'base64url')).toString();
    // The folder is the user's own, and the file's name tells which build wrote it.
    return { result: JSON.parse(text) as ScanResult };
  } catch {
    return undefined;
  }
}
