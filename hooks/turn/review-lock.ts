/** One review at a time in a session, whichever process makes it. */
import { join } from 'node:path';
import { reviewLockName } from '../../host/state/key.ts';
import { acquireLock } from '../../host/state/lock.ts';
import type { LockOutcome } from '../../host/state/lock.ts';

/** A review holds its lock for less. */
const LOCK_STALE_MS = 160_000;

export function lockReview(
  stateDir: string,
  session: string,
  waitMs: number,
): Promise<LockOutcome> {
  const path = join(stateDir, reviewLockName(session));
  return acquireLock(path, { waitMs, staleMs: LOCK_STALE_MS });
}
