/**
 * Which files a session edited by tools: one line of JSON for each edit, appended without a lock, so that a hook can
 * write it in passing and other sessions can tell whose a change is.
 */
import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { makePrivateDir } from './dir.ts';
import { EDITS_SUFFIX, STATE_PREFIX, editsFileName } from './key.ts';

/** Newest part of a file that is read. */
const MAX_BYTES = 512 * 1024;
/** Sessions whose edits are read. */
const MAX_SESSIONS = 100;

export interface NotedEdits {
  /** Absolute paths, as they were edited. */
  readonly mine: readonly string[];
  readonly others: readonly string[];
}

/** Notes an edit of `path` (absolute) at `now` (milliseconds since 1970). Never throws. */
export function noteEdit(dir: string | undefined, key: string, path: string, now: number): void {
  if (dir === undefined) return;
  const file = join(dir, editsFileName(key));
  const line = `${JSON.stringify([now, path])}\n`;
  const append = (): void => appendFileSync(file, line, { mode: 0o600 });
  try {
    append();
  } catch {
    try {
      makePrivateDir(dir);
      append();
    } catch {
      // Then nobody is known to have edited it, and its change counts as this session's.
    }
  }
}

/** Edits of this session and of all others since `sinceMs` (milliseconds since 1970). Never throws. */
export function readEdits(dir: string, key: string, sinceMs: number): NotedEdits {
  const own = editsFileName(key);
  const others = new Set<string>();
  for (const name of editFiles(dir, sinceMs).filter((each) => each !== own))
    for (const path of pathsIn(join(dir, name), sinceMs)) others.add(path);
  return { mine: [...new Set(pathsIn(join(dir, own), sinceMs))], others: [...others] };
}

/** The newest ones. */
function editFiles(dir: string, sinceMs: number): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.startsWith(STATE_PREFIX) && name.endsWith(EDITS_SUFFIX))
      .map((name) => ({ name, at: statSync(join(dir, name)).mtimeMs }))
      .filter(({ at }) => at >= sinceMs)
      .sort((a, b) => b.at - a.at)
      .slice(0, MAX_SESSIONS)
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function pathsIn(path: string, sinceMs: number): string[] {
  return end(path)
    .split('\n')
    .flatMap((line) => {
      const entry = parse(line);
      if (!Array.isArray(entry)) return [];
      const [at, edited]: readonly unknown[] = entry;
      return typeof at === 'number' && at >= sinceMs && typeof edited === 'string' ? [edited] : [];
    });
}

/** The last part of a file, in which the first line may be cut. */
function end(path: string): string {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return '';
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return '';
    const bytes = Buffer.alloc(Math.min(stat.size, MAX_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, stat.size - bytes.length);
    return bytes.toString('utf8', 0, read);
  } catch {
    return '';
  } finally {
    closeSync(file);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
