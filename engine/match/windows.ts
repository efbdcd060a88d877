/**
 * Windows around literals that provably contain every match.
 *
 * Invariant: a match that holds a literal occurrence lies inside one window, together with that occurrence, and so
 * does whatever would be one if its assertions held. RE2 is shown one code point more: nothing that it tries reaches
 * the edge of that, where an assertion could hold that does not hold in the text. So a search of the windows alone
 * finds what a search of the whole text finds. See `regex/extent.ts` for the bound of the widest.
 */
import type { Window } from '../re2/result.ts';
import type { PatternPlan } from './plan.ts';
import type { ReachTable } from './reach.ts';
import { type Reached, reachAround, type Work } from './trace.ts';

/** Occurrences of a pattern's literals, by end offset; pairs of start and end, flat. */
export type Occurrences = readonly number[];

/**
 * Bytes that may be looked at before the widest windows are taken, which takes linear time: so many in any text, and twice
 * its length in a long one.
 */
const FOLLOWED_LOOKS = 1 << 16;

/** Disjoint windows in order. `text` is valid UTF-8 and the edges are code point boundaries. */
export function windowsAround(
  text: Uint8Array,
  occurrences: Occurrences,
  plan: Pick<PatternPlan, 'before' | 'after' | 'minBytes'>,
  work: Work = { left: Math.max(FOLLOWED_LOOKS, text.length * 2) },
): Window[] {
  return (
    followedWindows(text, occurrences, plan, work) ??
    widestWindows(text, sortedByStart(occurrences), plan)
  );
}

/** As far as a match can reach in this text; undefined where that is not told soon. */
function followedWindows(
  text: Uint8Array,
  occurrences: Occurrences,
  { before, after, minBytes }: Pick<PatternPlan, 'before' | 'after' | 'minBytes'>,
  work: Work,
): Window[] | undefined {
  const traces = { before: before.whole, after: after.whole };
  const reached: Reached[] = [];
  for (let i = 0; i + 1 < occurrences.length; i += 2) {
    const [start = 0, end = 0] = [occurrences[i], occurrences[i + 1]];
    const range = reachAround(text, start, end, traces, work);
    if (range === 'too-far') return undefined;
    if (range !== undefined && range.end - range.start >= minBytes) reached.push(range);
  }
  reached.sort((a, b) => a.start - b.start);
  const windows: { start: number; end: number; anchored: boolean }[] = [];
  for (const { start, end, anchored } of reached) {
    const last = windows.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.anchored &&= anchored && start === last.start;
    } else windows.push({ start, end, anchored });
  }
  return windows;
}

/** Farther than this behind a window's end, the walk starts at that end instead: total work stays linear. */
const REWALK_BYTES = 256;

/** Whatever the text is like; `sorted` by start. */
function widestWindows(
  text: Uint8Array,
  sorted: Occurrences,
  { before, after }: Pick<PatternPlan, 'before' | 'after'>,
): Window[] {
  const windows: { start: number; end: number }[] = [];
  const ahead = after.tables;
  const behind = before.tables;
  const singleRun = ahead.length <= 1 && ahead.every(({ outside }) => outside === 0);
  let last: { start: number; end: number } | undefined;
  for (let i = 0; i + 1 < sorted.length; i += 2) {
    const start = sorted[i] ?? 0;
    const end = sorted[i + 1] ?? 0;
    if (last?.end === text.length) break;
    const floor = last?.end ?? 0;
    if (last !== undefined && start < floor) {
      // A walk through a single run ends where the earlier one did.
      if (end <= floor && singleRun) continue;
      const from = Math.max(end, floor - end > REWALK_BYTES ? floor : end);
      last.end = Math.max(last.end, walkForward(text, from, ahead));
      continue;
    }
    const begin = walkBack(text, start, behind, floor);
    const stop = walkForward(text, end, ahead);
    if (last !== undefined && begin <= last.end) last.end = Math.max(last.end, stop);
    else {
      last = { start: begin, end: stop };
      windows.push(last);
    }
  }
  return windows;
}

/** Offset that no match beginning at or before `from` reaches beyond. */
function walkForward(text: Uint8Array, from: number, reach: readonly ReachTable[]): number {
  let at = from;
  while (at < text.length && isContinuation(text[at])) at++;
  for (const { outside, runs } of reach) {
    let budget = outside;
    while (at < text.length) {
      const byte = text[at] ?? 0;
      if (runs[byte] === 0 && !isContinuation(byte)) {
        if (budget === 0) break;
        budget--;
      }
      at++;
    }
  }
  return at;
}

/** Offset before which no match that ends at or after `from` begins; not below `floor`. */
function walkBack(
  text: Uint8Array,
  from: number,
  reach: readonly ReachTable[],
  floor: number,
): number {
  let at = from;
  for (const { outside, runs } of reach) {
    let budget = outside;
    while (at > floor) {
      const byte = text[at - 1] ?? 0;
      if (runs[byte] === 0 && !isContinuation(byte)) {
        if (budget === 0) break;
        budget--;
      }
      at--;
    }
    while (at > floor && at < text.length && isContinuation(text[at])) at--;
  }
  return at;
}

/** As in `text/utf8.ts`, which is another of the program's files: it is asked for each byte. */
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
