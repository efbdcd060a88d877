/** Simple case folding as RE2 applies it under `(?i)`. */
import type { Ranges } from './ast.ts';
import { normalize } from './ranges.ts';

/** U+017F LATIN SMALL LETTER LONG S folds to `s`, U+212A KELVIN SIGN to `k`. */
export const LONG_S = 0x17f;
export const KELVIN = 0x212a;

export interface Folded {
  readonly ranges: Ranges;
  /** True when a non-ASCII code point was folded: the set may then be a superset or miss rare orbits. */
  readonly approximate: boolean;
}

/** Adds the other cases of every code point. Exact for ASCII; non-ASCII sets come back marked approximate. */
export function fold(ranges: Ranges): Folded {
  const pairs = [...ranges];
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
    if (high > 0x7f && !(low === high && (low === LONG_S || low === KELVIN))) approximate = true;
  }
  return { ranges: normalize(pairs), approximate };
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
