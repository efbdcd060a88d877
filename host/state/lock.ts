/**
 * A lock between processes: a file that only one of them can create. Whoever dies with it is found out
 * by process id or by age, so a lock never outlives its owner for long.
 */
import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';

export interface LockOptions {
  /** Longest wait in milliseconds. */
  readonly waitMs?: number;
  /** Age in milliseconds at which a lock is abandoned whoever holds it. */
  readonly staleMs?: number;
}

export type LockOutcome =
  | { readonly kind: 'held'; readonly release: () => void }
  /** Someone else held it all the time. */
  | { readonly kind: 'busy' }
  /** The folder cannot be written. */
  | { readonly kind: 'unavailable'; readonly reason: string };

const WAIT_MS = 200;
const STALE_MS = 15_000;

/** Takes the lock at `path`, waiting at most `waitMs`. Never throws. */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<LockOutcome> {
  const staleMs = options.staleMs ?? STALE_MS;
  const token = `${process.pid} ${process.hrtime.bigint().toString(36)}`;
  const deadline = performance.now() + (options.waitMs ?? WAIT_MS);
  for (let pause = 1; ; pause = Math.min(pause * 2, 16)) {
    const made = tryCreate(path, token);
    if (made === 'created') return { kind: 'held', release: () => release(path, token) };
    if (made !== 'exists') return { kind: 'unavailable', reason: made };
    if (isStale(path, staleMs)) breakStale(path, staleMs);
    else if (performance.now() >= deadline) return { kind: 'busy' };
    else await sleep(pause);
    if (performance.now() >= deadline + staleMs) return { kind: 'busy' };
  }
}

/** `created`, `exists`, or the error code of a folder that refuses. */
function tryCreate(path: string, token: string): string {
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
  closeSync(file);
  return 'created';
}

function release(path: string, token: string): void {
  try {
    const held = readFileSync(path, 'utf8');
    // An empty one is ours too: the disk was full when the token was written.
    if (held === token || held === '') unlinkSync(path);
  } catch {
    // Taken over, or gone with its folder.
  }
}

function isStale(path: string, staleMs: number): boolean {
  try {
    // A clock set back makes a lock look young for ever; a future time counts as old.
    const age = Date.now() - statSync(path).mtimeMs;
    if (age > staleMs || age < -staleMs) return true;
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
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
  if (made !== 'created' && !isStale(guard, staleMs)) return;
  try {
    if (made === 'created' && isStale(path, staleMs)) unlinkSync(path);
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
