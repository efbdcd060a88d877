/**
 * A partition of all characters such that no set in a pattern tells two members of a part apart. Matching
 * then works on part numbers, and a transition table needs one column per part.
 */
import { MAX_CODE_POINT, type Ranges } from '../regex/ast.ts';

export interface Alphabet {
  /** Number of parts. */
  readonly size: number;
  /** Part of a code point. */
  partOf(codePoint: number): number;
  /** For each set, by its index: 1 at each part that it holds. */
  readonly members: readonly Uint8Array[];
}

/** Splits the characters by membership in `sets`. */
export function createAlphabet(sets: readonly Ranges[]): Alphabet {
  const starts = boundaries(sets);
  let parts = new Uint16Array(starts.length);
  let size = 1;
  for (const set of sets) {
    const renumbered = new Map<number, number>();
    const next = new Uint16Array(starts.length);
    forEachInterval(starts, set, (interval, inside) => {
      const key = (parts[interval] ?? 0) * 2 + (inside ? 1 : 0);
      let part = renumbered.get(key);
      if (part === undefined) renumbered.set(key, (part = renumbered.size));
      next[interval] = part;
    });
    parts = next;
    size = renumbered.size;
  }
  const members = sets.map((set) => {
    const holds = new Uint8Array(size);
    forEachInterval(starts, set, (interval, inside) => {
      if (inside) holds[parts[interval] ?? 0] = 1;
    });
    return holds;
  });
  const ascii = new Uint16Array(128);
  for (let code = 0; code < 128; code++) ascii[code] = parts[indexOf(starts, code)] ?? 0;
  return {
    size,
    members,
    partOf: (codePoint) =>
      codePoint < 128 ? (ascii[codePoint] ?? 0) : (parts[indexOf(starts, codePoint)] ?? 0),
  };
}

/** First code points of the intervals within which no set begins or ends; sorted, beginning with 0. */
function boundaries(sets: readonly Ranges[]): Int32Array {
  const points = new Set<number>([0]);
  for (const set of sets) {
    for (let i = 0; i + 1 < set.length; i += 2) {
      points.add(set[i] ?? 0);
      const after = (set[i + 1] ?? 0) + 1;
      if (after <= MAX_CODE_POINT) points.add(after);
    }
  }
  return Int32Array.from(points).sort();
}

function forEachInterval(
  starts: Int32Array,
  set: Ranges,
  visit: (interval: number, inside: boolean) => void,
): void {
  let range = 0;
  for (let interval = 0; interval < starts.length; interval++) {
    const start = starts[interval] ?? 0;
    while (range + 1 < set.length && (set[range + 1] ?? 0) < start) range += 2;
    visit(interval, range + 1 < set.length && (set[range] ?? 0) <= start);
  }
}

/** Index of the last start that is not above `codePoint`. */
function indexOf(starts: Int32Array, codePoint: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= codePoint) low = middle;
    else high = middle - 1;
  }
  return low;
}
