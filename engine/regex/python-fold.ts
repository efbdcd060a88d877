/**
 * Case folding as Python's `re` applies it under `(?i)`: a character matches when its simple lower case
 * is one of the pattern's lower-cased characters, plus a short list of equivalents.
 */
import type { Ranges } from './ast.ts';
import { normalize } from './ranges.ts';

/** Lower-case letters that count as one another although they have different lower-case forms. */
const EQUIVALENTS: readonly (readonly number[])[] = [
  [0x69, 0x131],
  [0x73, 0x17f],
  [0xb5, 0x3bc],
  [0x345, 0x3b9, 0x1fbe],
  [0x390, 0x1fd3],
  [0x3b0, 0x1fe3],
  [0x3b2, 0x3d0],
  [0x3b5, 0x3f5],
  [0x3b8, 0x3d1],
  [0x3ba, 0x3f0],
  [0x3c0, 0x3d6],
  [0x3c1, 0x3f1],
  [0x3c2, 0x3c3],
  [0x3c6, 0x3d5],
  [0x432, 0x1c80],
  [0x434, 0x1c81],
  [0x43e, 0x1c82],
  [0x441, 0x1c83],
  [0x442, 0x1c84, 0x1c85],
  [0x44a, 0x1c86],
  [0x463, 0x1c87],
  [0x1c88, 0xa64b],
  [0x1e61, 0x1e9b],
  [0xfb05, 0xfb06],
];

/** Blocks that hold every cased character. */
const CASED: Ranges = [
  0x41, 0x58f, 0x10a0, 0x10ff, 0x13a0, 0x13ff, 0x1c80, 0x1cbf, 0x1d00, 0x218f, 0x24b0, 0x24ef,
  0x2c00, 0x2dff, 0xa640, 0xa7ff, 0xab30, 0xabbf, 0xfb00, 0xfb1f, 0xff21, 0xff5a, 0x10400, 0x105ff,
  0x10c80, 0x10cff, 0x118a0, 0x118df, 0x16e40, 0x16e7f, 0x1e900, 0x1e943,
];

/** Other characters of an ASCII letter that match it under `(?i)` beyond its two cases. */
const ASCII_EXTRA: ReadonlyMap<number, readonly number[]> = new Map([
  [0x69, [0x130, 0x131]],
  [0x6b, [0x212a]],
  [0x73, [0x17f]],
]);

export interface Folder {
  /** All characters that match one of `ranges` when case is ignored. */
  fold(ranges: Ranges): Ranges;
}

/** A folder for one pattern; the table of non-ASCII cases is built when a pattern first needs it. */
export function createFolder(asciiOnly: boolean): Folder {
  let orbits: ReadonlyMap<number, readonly number[]> | undefined;
  return {
    fold(ranges) {
      const pairs = [...ranges];
      addAscii(pairs, ranges, asciiOnly);
      if (!asciiOnly && (ranges.at(-1) ?? 0) > 0x7f) {
        orbits ??= buildOrbits();
        for (const [code, orbit] of orbits) {
          if (code > 0x7f && contains(ranges, code))
            for (const other of orbit) pairs.push(other, other);
        }
      }
      return normalize(pairs);
    },
  };
}

function addAscii(pairs: number[], ranges: Ranges, asciiOnly: boolean): void {
  for (let lower = 0x61; lower <= 0x7a; lower++) {
    if (!contains(ranges, lower) && !contains(ranges, lower - 0x20)) continue;
    pairs.push(lower, lower, lower - 0x20, lower - 0x20);
    if (!asciiOnly) for (const extra of ASCII_EXTRA.get(lower) ?? []) pairs.push(extra, extra);
  }
}

/** Each cased character with everything that it matches. */
function buildOrbits(): ReadonlyMap<number, readonly number[]> {
  const byLower = new Map<number, number[]>();
  for (let i = 0; i + 1 < CASED.length; i += 2) {
    for (let code = CASED[i] ?? 0; code <= (CASED[i + 1] ?? 0); code++) {
      // Only the first code point counts: U+0130 lower-cases to `i` and a combining dot.
      const lower = String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code;
      const members = byLower.get(lower);
      if (members === undefined) byLower.set(lower, [code]);
      else members.push(code);
    }
  }
  for (const group of EQUIVALENTS) {
    const all = group.flatMap((lower) => byLower.get(lower) ?? [lower]);
    for (const lower of group) byLower.set(lower, all);
  }
  const orbits = new Map<number, readonly number[]>();
  for (const members of byLower.values()) {
    if (members.length > 1) for (const member of members) orbits.set(member, members);
  }
  return orbits;
}

/** Binary search: folding asks for thousands of characters. */
function contains(ranges: Ranges, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (ranges[middle * 2] ?? 0)) high = middle - 1;
    else if (codePoint > (ranges[middle * 2 + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}
