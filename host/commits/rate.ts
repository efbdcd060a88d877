/** How many commits and pushes were reviewed of late, over all sessions of the user. */
import { join } from 'node:path';
import { makePrivateDir } from '../state/dir.ts';
import { readStateFile, replaceStateFile } from '../state/file.ts';
import { acquireLock } from '../state/lock.ts';

export interface RateLimit {
  readonly max: number;
  readonly windowMs: number;
}

export type RateTaken =
  /** `count` is this one's number. */
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'over'; readonly count: number }
  | { readonly kind: 'failed'; readonly reason: string };

const FILE = 'commit-reviews.json';
const LOCK_MS = 2_000;
const MAX_KEPT = 1_000;

/** Counts one more review unless there were `max` within the window. `now` is milliseconds since 1970. Never rejects. */
export async function takeReview(dir: string, limit: RateLimit, now: number): Promise<RateTaken> {
  const path = join(dir, FILE);
  try {
    makePrivateDir(dir);
    const lock = await acquireLock(path.replace(/json$/, 'lock'), { waitMs: LOCK_MS });
    if (lock.kind !== 'held') return { kind: 'failed', reason: 'the count of reviews is locked' };
    try {
      const recent = read(path).filter((at) => Math.abs(now - at) < limit.windowMs);
      if (recent.length >= limit.max) return { kind: 'over', count: recent.length };
      replaceStateFile(path, { version: 1, at: [...recent, now].slice(-MAX_KEPT) });
      return { kind: 'taken', count: recent.length + 1 };
    } finally {
      lock.release();
    }
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : 'unknown' };
  }
}

function read(path: string): readonly number[] {
  const file = readStateFile(path);
  if (file.kind !== 'value' || typeof file.value !== 'object' || file.value === null) return [];
  const at: unknown = 'at' in file.value ? file.value.at : undefined;
  return Array.isArray(at) ? at.filter((each) => typeof each === 'number') : [];
}
