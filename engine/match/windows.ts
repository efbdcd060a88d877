/**
 * Windows around literals that provably contain every match.
 *
 * Invariant: a match that holds a literal occurrence lies inside one window, together with that
 * occurrence. So a search of the windows alone finds what a search of the whole text finds, and a match
 * never touches a window's edge unless that is the edge of the text. See `regex/extent.ts` for the bound.
 */
import type { Extent } from '../regex/extent.ts';
import type { Window } from '../re2/store.ts';

/** Occurrences of a pattern's literals, by end offset; pairs of start and end, flat. */
export type Occurrences = readonly number[];

/** Farther than this behind a window's end, the walk starts at that end instead: total work stays linear. */
const REWALK_BYTES = 256;

/** Which bytes belong to an extent's runs: ASCII by membership, others when the runs may hold any of them. */
export function runTable(extent: Extent): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i + 1 < extent.runs.length; i += 2) {
    const low = extent.runs[i] ?? 0;
    const high = extent.runs[i + 1] ?? 0;
    for (let code = low; code <= Math.min(high, 0x7f); code++) table[code] = 1;
    if (high > 0x7f) table.fill(1, 0x80);
  }
  return table;
}

/** Disjoint windows in order. `text` is valid UTF-8 and the edges are code point boundaries. */
export function windowsAround(
  text: Uint8Array,
  occurrences: Occurrences,
  outside: number,
  runs: Uint8Array,
): Window[] {
  const windows: { start: number; end: number }[] = [];
  const sorted = sortedByStart(occurrences);
  let last: { start: number; end: number } | undefined;
  for (let i = 0; i + 1 < sorted.length; i += 2) {
    const start = sorted[i] ?? 0;
    const end = sorted[i + 1] ?? 0;
    if (last !== undefined && last.end === text.length && start >= last.start) continue;
    const floor = last?.end ?? 0;
    if (last !== undefined && start < floor) {
      // With nothing allowed outside of the runs, the earlier walk ended at the same place.
      if (outside === 0 && end <= floor) continue;
      const from = Math.max(end, floor - end > REWALK_BYTES ? floor : end);
      last.end = Math.max(last.end, walkForward(text, from, outside, runs));
      continue;
    }
    const begin = walkBack(text, start, outside, runs, floor);
    const stop = walkForward(text, end, outside, runs);
    if (last !== undefined && begin <= last.end) last.end = Math.max(last.end, stop);
    else {
      last = { start: begin, end: stop };
      windows.push(last);
    }
  }
  return windows;
}

/** Offset at which one code point more than `outside` lies beyond, or the text's end. */
function walkForward(text: Uint8Array, from: number, outside: number, runs: Uint8Array): number {
  let budget = outside;
  let at = from;
  while (at < text.length && isContinuation(text[at])) at++;
  while (at < text.length) {
    const byte = text[at] ?? 0;
    if (runs[byte] === 0 && !isContinuation(byte)) {
      if (budget === 0) return at;
      budget--;
    }
    at++;
  }
  return text.length;
}

function walkBack(
  text: Uint8Array,
  from: number,
  outside: number,
  runs: Uint8Array,
  floor: number,
): number {
  let budget = outside;
  let at = from;
  while (at > floor) {
    const byte = text[at - 1] ?? 0;
    if (runs[byte] === 0 && !isContinuation(byte)) {
      if (budget === 0) break;
      budget--;
    }
    at--;
  }
  while (at < text.length && at > floor && isContinuation(text[at])) at--;
  return at;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Occurrences come by end; literals of different lengths can put the starts out of order. */
function sortedByStart(occurrences: Occurrences): Occurrences {
  let ordered = true;
  for (let i = 2; i < occurrences.length && ordered; i += 2)
    ordered = (occurrences[i - 2] ?? 0) <= (occurrences[i] ?? 0);
  if (ordered) return occurrences;
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < occurrences.length; i += 2)
    pairs.push([occurrences[i] ?? 0, occurrences[i + 1] ?? 0]);
  pairs.sort((a, b) => a[0] - b[0]);
  return pairs.flat();
}
