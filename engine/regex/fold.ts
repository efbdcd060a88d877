/** Simple case folding as RE2 applies it under `(?i)`. */
import { MAX_CODE_POINT, type Ranges } from './ast.ts';
import { normalize } from './ranges.ts';

/** U+017F LATIN SMALL LETTER LONG S folds to `s`, U+212A KELVIN SIGN to `k`. */
export const LONG_S = 0x17f;
export const KELVIN = 0x212a;
/** `K`, `S`, `k`, `s`. */
const K_AND_S: readonly number[] = [0x4b, 0x53, 0x6b, 0x73];

export interface Folded {
  readonly ranges: Ranges;
  /** True when a non-ASCII code point was folded: the set may then be a superset or miss rare orbits. */
  readonly approximate: boolean;
}

/**
 * Adds the other cases of every code point. Exact for ASCII, and for a set that has every code point beyond it and the
 * letters that two of these fold to: `\W` has not, of which RE2 leaves both out. Others come back marked approximate.
 */
export function fold(ranges: Ranges): Folded {
  const pairs = [...ranges];
  const hasLetters = K_AND_S.every((letter) => includes(ranges, letter));
  let approximate = false;
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const low = ranges[i] ?? 0;
    const high = ranges[i + 1] ?? 0;
    addShifted(pairs, low, high, 0x41, 0x5a, 0x20);
    addShifted(pairs, low, high, 0x61, 0x7a, -0x20);
    if (covers(low, high, 0x53) || covers(low, high, 0x73)) pairs.push(LONG_S, LONG_S);
    if (covers(low, high, 0x4b) || covers(low, high, 0x6b)) pairs.push(KELVIN, KELVIN);
    if (covers(low, high, LONG_S)) pairs.push(0x53, 0x53, 0x73, 0x73);
    if (covers(low, high, KELVIN)) pairs.push(0x4b, 0x4b, 0x6b, 0x6b);
    const isKnown = low === high && (low === LONG_S || low === KELVIN);
    const isWhole = hasLetters && low <= 0x80 && high === MAX_CODE_POINT;
    if (high > 0x7f && !isKnown && !isWhole) approximate = true;
  }
  return { ranges: normalize(pairs), approximate };
}

function includes(ranges: Ranges, codePoint: number): boolean {
  return ranges.some((low, i) => i % 2 === 0 && covers(low, ranges[i + 1] ?? low, codePoint));
}

function covers(low: number, high: number, codePoint: number): boolean {
  return low <= codePoint && codePoint <= high;
}

function addShifted(
  pairs: number[],
  low: number,
  high: number,
  from: number,
  to: number,
  by: number,
): void {
  const start = Math.max(low, from);
  const end = Math.min(high, to);
  if (start <= end) pairs.push(start + by, end + by);
}
