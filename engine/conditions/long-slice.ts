/** Whether a pattern matches in a slice that is too long to be looked through whole: around its literals. */
import { likely, windowsOf } from '../match/match.ts';
import type { Occurrences } from '../match/windows.ts';
import type { PatternPlan } from '../match/plan.ts';
import type { Traces } from '../match/trace-code.ts';
import type { Asked } from '../re2/asked.ts';
import type { Re2Store } from '../re2/store.ts';
import type { Window } from '../re2/result.ts';

export interface LongSlice {
  readonly plan: PatternPlan;
  /** Of the plan. */
  readonly traces: Traces;
  /** The store's text. */
  readonly text: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Of the plan's literals, in the slice. */
  readonly occurrences: Occurrences;
  /** Whether there are no others. */
  readonly areAll: boolean;
  /** What is asked of a match. */
  readonly asked?: Asked | undefined;
}

/** Occurrences that are looked at before RE2 is asked: most conditions hold near the first ones, or nowhere. */
const FIRST_BATCH = 16;
const GROWTH = 4;

/**
 * What `Re2Store.testSlice` tells of the slice, for at most half as much work again: where the places add up to half of
 * it, RE2 looks through all of it.
 */
export function testAround(store: Re2Store, slice: LongSlice): boolean | undefined {
  const { plan, traces, text, start, end, occurrences, areAll, asked } = slice;
  const test = (windows?: readonly Window[]): boolean | undefined =>
    store.testSlice(plan.source, start, end, windows, asked);
  const bytes = text.subarray(start, end);
  const work = { left: end - start };
  let left = (end - start) / 2;
  let size = FIRST_BATCH;
  for (let at = 0; at < occurrences.length; at += size * 2, size *= GROWTH) {
    const batch = occurrences.slice(at, at + size * 2).map((offset) => offset - start);
    const candidates = likely(traces, bytes, batch, store, work);
    if (candidates === undefined) return undefined;
    const windows: Window[] = windowsOf(plan, bytes, candidates, work).map((window) => ({
      start: window.start + start,
      end: window.end + start,
    }));
    left -= windows.reduce((sum, window) => sum + window.end - window.start, 0);
    if (left < 0) return test();
    if (windows.length === 0) continue;
    const found = test(windows);
    if (found !== false) return found;
  }
  return areAll ? false : test();
}
