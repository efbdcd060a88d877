/** Removes the state of sessions that ended long ago. */
import { readdirSync, rmdirSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectContent } from '../git/kept.ts';
import { CONTENT_FOLDER, STATE_PREFIX } from './key.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const KEEP_DAYS = 30;
/** Looked at in one go, so that a crowded folder costs one edit a few milliseconds only. */
const MAX_FILES = 2000;
/** Written at each collection: its time says when the last one was. */
const MARKER = 'collected';

/** `collectOldState` once a day: in a crowded folder it takes longer than an answer. Never throws. */
export function collectDaily(dir: string, now: number): void {
  const marker = join(dir, MARKER);
  const last = statSync(marker, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // In the future where the clock was set back.
  if (Math.abs(now - last) < DAY_MS) return;
  try {
    writeFileSync(marker, '', { mode: 0o600 });
  } catch {
    // Where nothing can be written nothing can be removed.
    return;
  }
  collectOldState(dir, now);
}

/** Deletes session files in `dir` last written over 30 days before `now`; returns how many. Never throws. */
function collectOldState(dir: string, now: number): number {
  collectOldContent(join(dir, CONTENT_FOLDER), now);
  let removed = 0;
  for (const name of list(dir).filter(isSessionFile).slice(0, MAX_FILES)) {
    const path = join(dir, name);
    try {
      if (now - statSync(path).mtimeMs > KEEP_DAYS * DAY_MS) {
        unlinkSync(path);
        removed += 1;
      }
    } catch {
      // Another process was faster.
    }
  }
  return removed;
}

function collectOldContent(dir: string, now: number): void {
  for (const name of list(dir).slice(0, MAX_FILES)) {
    const folder = join(dir, name);
    collectContent(folder, now - KEEP_DAYS * DAY_MS);
    try {
      rmdirSync(folder);
    } catch {
      // It holds something, or another process was faster.
    }
  }
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function isSessionFile(name: string): boolean {
  return name.startsWith(STATE_PREFIX) && /\.(?:jsonl?|lock|tmp|corrupt|takeover)$/.test(name);
}
