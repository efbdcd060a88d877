/**
 * A lock between processes: a file that only one of them can create. Whoever dies with it is found out
 * by process id or by age, so a lock never outlives its owner for long.
 */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { monotonicMs } from '../monotonic.ts';

export interface LockOptions {
  /** Longest wait in milliseconds. */
  readonly waitMs?: number;
  /** Age in milliseconds at which a lock is abandoned whoever holds it. */
  readonly staleMs?: number;
}

export type LockOutcome =
  | {
      readonly kind: 'held';
      /** Never throws. */
      readonly release: () => void;
      /**
       * Releases the lock by making its file, with `text`, an object of JSON, the one at `path` in the same folder, with one
       * new file where a lock and a copy would be two. On Linux `path` is away for a moment: who reads it without the lock
       * may find nothing, and a process that is killed just then loses it. Throws as `node:fs` does, and when the lock was
       * lost; then `release` is still to be called.
       */
      readonly become: (path: string, text: string) => void;
    }
  /** Someone else held it all the time. */
  | { readonly kind: 'busy' }
  /** The folder cannot be written. */
  | { readonly kind: 'unavailable'; readonly reason: string };

const WAIT_MS = 200;
const STALE_MS = 15_000;
/** The same for one that holds what it is to become, which takes no time. */
const HALF_BECOME_MS = 1_000;

/** Takes the lock at `path`, waiting at most `waitMs`. Never throws. */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<LockOutcome> {
  const staleMs = options.staleMs ?? STALE_MS;
  const token = `${process.pid} ${process.hrtime.bigint().toString(36)}`;
  const deadline = monotonicMs() + (options.waitMs ?? WAIT_MS);
  for (let pause = 1; ; pause = Math.min(pause * 2, 16)) {
    const made = tryCreate(path, token);
    if (typeof made === 'number') return held(path, made, token.length);
    if (made !== 'exists') return { kind: 'unavailable', reason: made };
    if (isStale(path, staleMs)) breakStale(path, staleMs);
    else if (monotonicMs() >= deadline) return { kind: 'busy' };
    else await sleep(pause);
    if (monotonicMs() >= deadline + staleMs) return { kind: 'busy' };
  }
}

/** The open file, `exists`, or the error code of a folder that refuses. */
function tryCreate(path: string, token: string): number | string {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    const code = codeOf(error);
    return code === 'EEXIST' ? 'exists' : code;
  }
  try {
    writeSync(file, token);
  } catch {
    // Without a token it counts by age alone.
  }
  return file;
}

/** The file stays open, so that no other one can have its number. */
function held(path: string, file: number, length: number): LockOutcome {
  let isOpen = true;
  const isOurs = (): boolean => {
    const own = fstatSync(file, { bigint: true });
    const there = statSync(path, { bigint: true });
    return own.ino === there.ino && own.dev === there.dev;
  };
  const close = (): void => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    kind: 'held',
    release() {
      if (!isOpen) return;
      try {
        const isToGo = isOurs();
        close();
        if (isToGo) unlinkSync(path);
      } catch {
        // Taken over, or gone with its folder.
        close();
      }
    },
    become(target, text) {
      const bytes = Buffer.from(text);
      if (bytes.length < length) ftruncateSync(file);
      for (let done = 0; done < bytes.length;)
        done += writeSync(file, bytes, done, bytes.length - done, done);
      if (!isOurs()) throw new Error('the lock was taken over');
      // ext4 writes a file out before it takes another's place (its option auto_da_alloc), which takes 40 times as long.
      if (process.platform === 'linux') remove(target);
      renameSync(path, target);
      close();
    },
  };
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function isStale(path: string, staleMs: number): boolean {
  try {
    // A clock set back makes a lock look young for ever; a future time counts as old.
    const age = Date.now() - statSync(path).mtimeMs;
    if (age > staleMs || age < -staleMs) return true;
    const text = readFileSync(path, 'utf8');
    if (text.startsWith('{')) return age > HALF_BECOME_MS;
    const pid = Number.parseInt(text, 10);
    return Number.isSafeInteger(pid) && pid > 0 && !isAlive(pid);
  } catch {
    return false;
  }
}

/**
 * Removes a stale lock. Two that see the same stale lock must not both remove one, or the second would
 * remove the fresh lock of the first: the check is repeated under a lock of its own.
 */
function breakStale(path: string, staleMs: number): void {
  const guard = `${path}.takeover`;
  const made = tryCreate(guard, String(process.pid));
  const isMade = typeof made === 'number';
  if (isMade) closeSync(made);
  if (!isMade && !isStale(guard, staleMs)) return;
  try {
    if (isMade && isStale(path, staleMs)) unlinkSync(path);
  } catch {
    // Gone already.
  }
  try {
    unlinkSync(guard);
  } catch {
    // Gone already.
  }
}

/** Whether a process of that id runs, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}
