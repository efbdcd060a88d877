/**
 * Who asked last for a start. Many hooks may find no service in the same second, and on some machines a
 * starter cannot even begin: each request is a process, so they are spaced out.
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { timeOf } from './attempts.ts';
import type { Attempt, Health } from './attempts.ts';
import { isFromFuture, mayStart } from './cooldown.ts';

/** In the service's folder: how many requests in a row no starter took up, and when the last one was. */
const ASKED_FILE = 'asked';

const PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 10 * 60 * 1000;
/** A service that runs and was not reached is busy; it may also have died since. */
const LONGEST_PAUSE_RUNNING_MS = 60_000;

export interface Asked {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly count: number;
}

export interface WhenAsked {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly version: string;
}

/**
 * Whether a starter should be started now: not within 5 seconds of another attempt or request, twice that
 * for each one in a row that came to nothing, at most 10 minutes; and not in a cooldown, but for its probe.
 */
export function shouldAsk(
  { attempts, cooldown }: Health,
  asked: Asked | undefined,
  { now, version }: WhenAsked,
): boolean {
  if (asked !== undefined && isWithin(asked.at, now, pauseAfter(asked.count, LONGEST_PAUSE_MS)))
    return false;
  const last = attempts.at(-1);
  if (last !== undefined) {
    // A new version begins with a clean slate.
    const isOurs = last.version === version;
    const pause = isOurs ? pauseAfterAttempts(attempts, version) : PAUSE_MS;
    if (isWithin(timeOf(last), now, pause)) return false;
  }
  // The starter is who writes a cooldown anew that the clock has left behind.
  if (cooldown !== undefined && isFromFuture(cooldown, now)) return true;
  return mayStart(cooldown, { now, version, wanted: false }).kind !== 'blocked';
}

function pauseAfterAttempts(attempts: readonly Attempt[], version: string): number {
  const last = attempts.at(-1);
  if (last?.outcome === 'already-running')
    return pauseAfter(last.times ?? 1, LONGEST_PAUSE_RUNNING_MS);
  const good = attempts.findLastIndex(
    (attempt) => attempt.outcome !== 'failed' || attempt.version !== version,
  );
  return pauseAfter(attempts.length - 1 - good, LONGEST_PAUSE_MS);
}

function pauseAfter(count: number, longest: number): number {
  return Math.min(PAUSE_MS * 2 ** Math.max(0, Math.min(count, 20) - 1), longest);
}

/** A time after `now` was written before the clock was set back: it holds nobody up. */
function isWithin(at: number, now: number, pauseMs: number): boolean {
  return Math.abs(now - at) < pauseMs && at - now < PAUSE_MS;
}

/** The last request that no starter has taken up. Never throws. */
export function readAsked(dir: string): Asked | undefined {
  let file: number | undefined;
  try {
    file = openSync(join(dir, ASKED_FILE), 'r');
    const bytes = Buffer.alloc(64);
    const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
    const [, at = '', count = ''] = /^(\d{1,15}) (\d{1,6})$/.exec(text) ?? [];
    return at === '' ? undefined : { at: Number(at), count: Number(count) };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Notes a request in place of `before`. False when another process notes one at the same time, or when it
 * cannot be noted: then nobody would space out the next ones. Never throws.
 */
export function noteAsked(dir: string, before: Asked | undefined, now: number): boolean {
  const path = join(dir, ASKED_FILE);
  try {
    if (before !== undefined) unlinkSync(path);
  } catch {
    // Another process noted its own, or a starter is at work.
    return false;
  }
  try {
    // Whoever makes the file has the word.
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, `${Math.round(now)} ${(before?.count ?? 0) + 1}`);
    } finally {
      closeSync(file);
    }
    return true;
  } catch {
    // One that nobody can read would stand for ever.
    if (readAsked(dir) === undefined) clearAsked(dir);
    return false;
  }
}

/** A starter is at work: the request is taken up. Never throws. */
export function clearAsked(dir: string): void {
  try {
    unlinkSync(join(dir, ASKED_FILE));
  } catch {
    // There was none: the session's start needs no request.
  }
}
