/** Regions of a text as a lexer sees them: everything outside the spans is code. */
import type { Region } from '../rule.ts';

/** Sorted, disjoint, half-open byte ranges that are not code; the three arrays run in parallel. */
export interface Spans {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly regions: readonly Exclude<Region, 'code'>[];
}

export const ALL_CODE: Spans = { starts: [], ends: [], regions: [] };

/** Index of the last span that starts at or before `offset`, or -1. */
export function spanIndexAt(spans: Spans, offset: number): number {
  let low = 0;
  let high = spans.starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans.starts[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Region of one byte. */
export function regionAt(spans: Spans, offset: number): Region {
  const index = spanIndexAt(spans, offset);
  if (index < 0 || offset >= (spans.ends[index] ?? 0)) return 'code';
  return spans.regions[index] ?? 'code';
}
