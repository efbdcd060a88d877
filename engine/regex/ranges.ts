/** Set operations on sorted, disjoint, inclusive code point ranges. */
import { MAX_CODE_POINT, type Ranges } from './ast.ts';

/** Sorts and merges pairs in any order. */
export function normalize(pairs: readonly number[]): Ranges {
  if (pairs.length === 2) return [...pairs];
  const spans: [number, number][] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) spans.push([pairs[i] ?? 0, pairs[i + 1] ?? 0]);
  spans.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [low, high] of spans) {
    const last = merged.length - 1;
    const end = merged[last];
    if (end !== undefined && low <= end + 1) merged[last] = Math.max(end, high);
    else merged.push(low, high);
  }
  return merged;
}

export function negate(ranges: Ranges): Ranges {
  const result: number[] = [];
  let next = 0;
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const low = ranges[i] ?? 0;
    if (low > next) result.push(next, low - 1);
    next = (ranges[i + 1] ?? 0) + 1;
  }
  if (next <= MAX_CODE_POINT) result.push(next, MAX_CODE_POINT);
  return result;
}

export function has(ranges: Ranges, codePoint: number): boolean {
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    if (codePoint < (ranges[i] ?? 0)) return false;
    if (codePoint <= (ranges[i + 1] ?? 0)) return true;
  }
  return false;
}

/** How many code points the set holds. */
export function size(ranges: Ranges): number {
  let count = 0;
  for (let i = 0; i + 1 < ranges.length; i += 2)
    count += (ranges[i + 1] ?? 0) - (ranges[i] ?? 0) + 1;
  return count;
}

export const DIGIT: Ranges = [0x30, 0x39];
/** RE2's `\s`: no vertical tab, ASCII only. */
export const SPACE: Ranges = [0x09, 0x0a, 0x0c, 0x0d, 0x20, 0x20];
/** RE2's `\w`: ASCII only. */
export const WORD: Ranges = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
export const NOT_NEWLINE: Ranges = [0, 9, 11, MAX_CODE_POINT];
export const ANY: Ranges = [0, MAX_CODE_POINT];
