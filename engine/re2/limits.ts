/** How much memory, time and text the work with RE2 may take. */
import type { ByteRange } from './instance.ts';
import { BACKTRACKED_BYTES } from './searcher.ts';

export interface Re2Limits {
  /** So many patterns are compiled one by one before a snapshot with all of them is worth the time to load it. */
  readonly compileFirst: number;
  /** Most patterns kept compiled at once, beside those that the snapshot brought. */
  readonly maxCompiled: number;
  /** Heap beyond the text at which the instance is replaced, in bytes. */
  readonly maxHeapBytes: number;
  /** Text buffers above this are given back after use, in bytes. */
  readonly keepTextBytes: number;
  /** How much text RE2's backtracker reads with one pattern, in bytes, before automata are built for it. */
  readonly backtrackedBytes: number;
  /** How much of the text the matches of one pattern may let RE2 read again, in bytes, where nothing else finds them. */
  readonly maxRereadBytes: number;
}

export const DEFAULT_RE2_LIMITS: Re2Limits = {
  compileFirst: 0,
  maxCompiled: 1024,
  maxHeapBytes: 96 * 1024 * 1024,
  keepTextBytes: 8 * 1024 * 1024,
  backtrackedBytes: BACKTRACKED_BYTES,
  maxRereadBytes: 1024 * 1024 * 1024,
};

/** So many matches are always given, and more as long as the text behind them adds up to less than `maxRereadBytes`. */
export const MANY_MATCHES = 1000;

const MANY_TIMES = 4;
const MANY_BYTES = 65_536;

/**
 * Bytes that RE2 may read again in `windows` before an automaton of our own takes less time. In 235 MB of well-known
 * packages no pattern comes to it.
 */
export function manyBytes(windows: readonly ByteRange[]): number {
  return MANY_BYTES + MANY_TIMES * windows.reduce((sum, { start, end }) => sum + end - start, 0);
}
