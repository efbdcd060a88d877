/** Matches of one pattern in one text. */
import { regionAt, type Spans } from '../lexer/spans.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Re2Store, SearchResult } from '../re2/store.ts';
import type { Region } from '../rule.ts';
import { containsAny } from '../prefilter/contains.ts';
import type { PatternPlan } from './plan.ts';
import { couldMatchAt } from './trace.ts';
import { type Occurrences, windowsAround } from './windows.ts';

/** `occurrences` are those of the plan's literals; the store's text must be `text`. */
export function matchPlan(
  plan: PatternPlan,
  text: Uint8Array,
  occurrences: Occurrences | undefined,
  store: Re2Store,
  limit: number,
): SearchResult {
  if (plan.matcher !== undefined) {
    const matches = plan.matcher.findAll(text, limit + 1);
    return { kind: 'matches', matches: matches.slice(0, limit), truncated: matches.length > limit };
  }
  if (plan.literals === undefined) {
    return store.search(plan.source, [{ start: 0, end: text.length }], limit);
  }
  const candidates = likely(plan, text, occurrences ?? [], store);
  if (candidates === undefined) return { kind: 'overdue' };
  const windows = windowsAround(text, candidates, plan.before, plan.after).filter(
    ({ start, end }) => plan.further.every((set) => containsAny(text, start, end, set)),
  );
  // Without a window the pattern need not even be compiled.
  if (windows.length === 0) return { kind: 'matches', matches: [], truncated: false };
  return store.search(plan.source, windows, limit);
}

/** Following one occurrence takes up to some microseconds, asking for the time a tenth of one. */
const OCCURRENCES_BETWEEN_LOOKS = 64;

/** Occurrences that may be part of a match; undefined when the time is over. */
function likely(
  { before, after }: PatternPlan,
  text: Uint8Array,
  occurrences: Occurrences,
  store: Re2Store,
): number[] | undefined {
  const kept: number[] = [];
  for (let i = 0; i + 1 < occurrences.length; i += 2) {
    if (i % (2 * OCCURRENCES_BETWEEN_LOOKS) === 0 && i > 0 && store.isOverdue()) return undefined;
    const start = occurrences[i] ?? 0;
    const end = occurrences[i + 1] ?? 0;
    if (couldMatchAt(text, start, end, before, after)) kept.push(start, end);
  }
  return kept;
}

/** Whether a match begins in one of `regions`, judged by its first word character. */
export function startsIn(
  text: Uint8Array,
  spans: Spans,
  range: ByteRange,
  regions: readonly Region[],
): boolean {
  return regions.includes(regionAt(spans, firstWord(text, range)));
}

/** Offset of the first word character of a match, or of its first byte when it has none. */
export function firstWord(text: Uint8Array, range: ByteRange): number {
  let at = range.start;
  while (at < range.end && !isWord(text[at] ?? 0)) at++;
  return at < range.end ? at : range.start;
}

function isWord(byte: number): boolean {
  return (
    byte >= 0x80 ||
    byte === 0x24 ||
    byte === 0x5f ||
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a)
  );
}
