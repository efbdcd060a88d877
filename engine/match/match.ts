/** Matches of one pattern in one text. */
import { regionAt, type Spans } from '../lexer/spans.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { Re2Store } from '../re2/store.ts';
import type { SearchResult, Window } from '../re2/result.ts';
import type { Region } from '../rule.ts';
import { containsAny } from '../prefilter/contains.ts';
import type { PatternPlan } from './plan.ts';
import { couldMatchAt, type Work } from './trace.ts';
import type { Traces } from './trace-code.ts';
import { type Occurrences, windowsAround } from './windows.ts';

export interface MatchPlaces {
  readonly candidates: Occurrences;
  readonly windows?: readonly Window[] | undefined;
}

/**
 * `candidates` are the occurrences of the plan's literals that `likely` left; the store's text must be `text`.
 * `windows`: those around them, where they are known. `groups`: how many the pattern has, when their ranges are wanted.
 */
export function matchPlan(
  plan: PatternPlan,
  text: Uint8Array,
  { candidates, windows }: MatchPlaces,
  store: Re2Store,
  limit: number,
  groups?: number,
): SearchResult {
  if (plan.matcher !== undefined) {
    const matches = plan.matcher.findAll(text, limit + 1, store.isOverdue);
    if (matches === undefined) return { kind: 'overdue' };
    return { kind: 'matches', matches: matches.slice(0, limit), truncated: matches.length > limit };
  }
  if (plan.literals === undefined) {
    return store.search(plan.source, [{ start: 0, end: text.length }], limit, groups);
  }
  const toTry = windows ?? windowsOf(plan, text, candidates);
  // Without a window the pattern need not even be compiled.
  if (toTry.length === 0) return { kind: 'matches', matches: [], truncated: false };
  return store.search(plan.source, toTry, limit, groups, plan.minBytes);
}

/** More than this are not followed to tell whether a pattern could match: the answer is to come soon. */
const MAX_FOLLOWED = 512;

const UNHURRIED: Pick<Re2Store, 'isOverdue'> = { isOverdue: () => false };

/**
 * The windows outside of which a pattern has no match, told without RE2; undefined where that is not told soon.
 * Occurrences are followed by `traces`, or were. `plan` is asked for when they alone do not tell.
 */
export function windowsToTry(
  traces: Traces | undefined,
  text: Uint8Array,
  occurrences: Occurrences,
  plan: () => PatternPlan | undefined,
): Window[] | undefined {
  if (occurrences.length > MAX_FOLLOWED * 2) return undefined;
  const kept = traces === undefined ? occurrences : likely(traces, text, occurrences, UNHURRIED);
  if (kept === undefined) return undefined;
  if (kept.length === 0) return [];
  const planned = plan();
  if (planned === undefined || planned.matcher !== undefined) return undefined;
  return windowsOf(planned, text, kept);
}

/** Places in which a match may be, around occurrences that are likely. */
export function windowsOf(
  plan: PatternPlan,
  text: Uint8Array,
  occurrences: Occurrences,
  work?: Work,
): Window[] {
  return windowsAround(text, occurrences, plan, work).filter(({ start, end }) =>
    plan.further.every((set) => containsAny(text, start, end, set)),
  );
}

/** Following one occurrence takes up to some microseconds, asking for the time a tenth of one. */
const OCCURRENCES_BETWEEN_LOOKS = 64;

/** Occurrences that may be part of a match, as far as `work` tells; undefined when the time is over. */
export function likely(
  traces: Traces,
  text: Uint8Array,
  occurrences: Occurrences,
  clock: Pick<Re2Store, 'isOverdue'>,
  work?: Work,
): number[] | undefined {
  const kept: number[] = [];
  for (let i = 0; i + 1 < occurrences.length; i += 2) {
    if (i % (2 * OCCURRENCES_BETWEEN_LOOKS) === 0 && i > 0 && clock.isOverdue()) return undefined;
    const start = occurrences[i] ?? 0;
    const end = occurrences[i + 1] ?? 0;
    if (couldMatchAt(text, start, end, traces, work)) kept.push(start, end);
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
