/**
 * Reads the index: which files are tracked, with what content, and which of them git is told not to look at.
 *
 * The file is parsed here, since that is an order of magnitude faster than having git print it. A split or
 * sparse index is left to `git ls-files`, which gives the same entries more slowly.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BytePath } from './path.ts';
import { splitZ } from './path.ts';
import type { Repo } from './repo.ts';
import { failed, ok } from './result.ts';
import type { GitResult } from './result.ts';

export interface IndexEntry {
  readonly path: BytePath;
  /** As in git: 0o100644, 0o100755, 0o120000, 0o160000. */
  readonly mode: number;
  readonly oid: string;
  /** 0, or 1 to 3 for the sides of a conflict. */
  readonly stage: number;
  /** A sparse checkout leaves the file out of the worktree. */
  readonly skipWorktree: boolean;
  /** Git is told to believe that the file is as in the index. */
  readonly assumeUnchanged: boolean;
  /** Announced by `add -N`: not in the index as far as content goes. */
  readonly intentToAdd: boolean;
}

const MAX_INDEX_BYTES = 512 * 1024 * 1024;
const STAT_BYTES = 40;
const NAME_LENGTH = 0xfff;
const ASSUME_UNCHANGED = 0x8000;
const SKIP_WORKTREE = 0x4000;
const INTENT_TO_ADD = 0x2000;
const EXTENDED = 0x4000;

/**
 * The index of `repo`; one that does not exist is empty. `unusual` leaves out plain files without any flag,
 * where that saves time.
 */
export async function readIndex(
  repo: Repo,
  wanted: 'all' | 'unusual',
): Promise<GitResult<readonly IndexEntry[]>> {
  const path = join(repo.gitDir, 'index');
  let bytes: Buffer;
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return ok([]);
    if (!stat.isFile()) return failed('redirected', `${path} is no file`);
    if (stat.size > MAX_INDEX_BYTES) return failed('too-large', `${path}: ${stat.size} bytes`);
    bytes = readFileSync(path);
  } catch {
    return failed('exit', `${path} cannot be read`);
  }
  const entries = parseIndex(bytes, repo.format === 'sha256' ? 32 : 20, wanted);
  if (entries !== undefined) return ok(entries);
  const args = ['--stage', '--debug', '-z'];
  const answer = await repo.ask({ command: 'ls-files', args, maxBytes: MAX_INDEX_BYTES });
  if (answer.kind === 'failed') return answer;
  return ok(parseListing(answer.value));
}

/** Entries of an index of version 2 to 4, or undefined where it needs git: split, sparse, damaged, newer. */
export function parseIndex(
  bytes: Buffer,
  oidBytes: 20 | 32,
  wanted: 'all' | 'unusual',
): IndexEntry[] | undefined {
  if (bytes.length < 12 + oidBytes || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  const end = bytes.length - oidBytes;
  if (version < 2 || version > 4) return undefined;
  const entries: IndexEntry[] = [];
  let at = 12;
  let path = '';
  for (let i = 0; i < count; i++) {
    const flagsAt = at + STAT_BYTES + oidBytes;
    if (flagsAt + 4 > end) return undefined;
    const flags = bytes.readUInt16BE(flagsAt);
    const extended = version >= 3 && (flags & EXTENDED) !== 0;
    const more = extended ? bytes.readUInt16BE(flagsAt + 2) : 0;
    let nameAt = flagsAt + (extended ? 4 : 2);
    if (version === 4) {
      const cut = readOffset(bytes, nameAt);
      if (cut === undefined || cut.value > path.length) return undefined;
      path = path.slice(0, path.length - cut.value);
      nameAt = cut.next;
    } else path = '';
    const nameEnd = bytes.indexOf(0, nameAt);
    if (nameEnd < 0 || nameEnd >= end) return undefined;
    const next = version === 4 ? nameEnd + 1 : at + ((nameEnd - at + 8) & ~7);
    const mode = bytes.readUInt32BE(at + 24);
    // Names of version 4 continue each other, so all of them are read.
    if (wanted === 'unusual' && version !== 4 && (flags & ~NAME_LENGTH) === 0 && isFile(mode)) {
      at = next;
      continue;
    }
    path += bytes.toString('latin1', nameAt, nameEnd);
    entries.push({
      path,
      mode,
      oid: bytes.toString('hex', at + STAT_BYTES, flagsAt),
      stage: (flags >> 12) & 3,
      skipWorktree: (more & SKIP_WORKTREE) !== 0,
      assumeUnchanged: (flags & ASSUME_UNCHANGED) !== 0,
      intentToAdd: (more & INTENT_TO_ADD) !== 0,
    });
    at = next;
  }
  return needsGit(bytes, at, end) ? undefined : entries;
}

function isFile(mode: number): boolean {
  return mode >> 12 === 0o10;
}

/** The variable-length number of index version 4. */
function readOffset(bytes: Buffer, start: number): { value: number; next: number } | undefined {
  let byte = bytes[start];
  if (byte === undefined) return undefined;
  let value = byte & 0x7f;
  let next = start + 1;
  while ((byte & 0x80) !== 0) {
    byte = bytes[next++];
    if (byte === undefined || value > 0xffffff) return undefined;
    value = ((value + 1) << 7) | (byte & 0x7f);
  }
  return { value, next };
}

/** Whether an extension changes what the entries mean: git writes those in small letters. */
function needsGit(bytes: Buffer, start: number, end: number): boolean {
  let at = start;
  while (at + 8 <= end) {
    const first = bytes[at] ?? 0;
    if (first < 0x41 || first > 0x5a) return true;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at !== end;
}

/** Parses `ls-files --stage --debug -z`: after each name's NUL come lines of stat data. */
export function parseListing(output: Buffer): IndexEntry[] {
  const entries: IndexEntry[] = [];
  // The data after the last name ends with no NUL, so it is given one.
  const parts = splitZ(Buffer.concat([output, Buffer.from('\0')]));
  for (let i = 0; i + 1 < parts.length; i++) {
    const before = parts[i] ?? '';
    const after = parts[i + 1] ?? '';
    const head = i === 0 ? before : before.slice(endOfDebug(before));
    const [, mode = '0', oid = '', stage = '0', path = ''] = ENTRY.exec(head) ?? [];
    const data = after.slice(0, endOfDebug(after));
    const flags = Number.parseInt(/flags: ([0-9a-f]+)/.exec(data)?.[1] ?? '0', 16);
    entries.push({
      path,
      mode: Number.parseInt(mode, 8),
      oid,
      stage: Number(stage),
      skipWorktree: (flags & 0x40000000) !== 0,
      assumeUnchanged: (flags & ASSUME_UNCHANGED) !== 0,
      intentToAdd: (flags & 0x20000000) !== 0,
    });
  }
  return entries;
}

const ENTRY = /^(\d{6}) ([0-9a-f]+) (\d)\t([^]*)$/;
const DEBUG_LINES = 5;

/** Where the stat data at the start of `text` ends. */
function endOfDebug(text: string): number {
  let at = 0;
  for (let line = 0; line < DEBUG_LINES; line++) at = text.indexOf('\n', at) + 1;
  return at;
}
