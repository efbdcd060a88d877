/** A search that RE2 would read its text over and over for. */
import type { LinearPatterns } from '../automaton/linear.ts';
import { nextCodePoint, previousCodePoint } from '../text/utf8.ts';
import type { ByteRange, Match } from './instance.ts';
import { OVERDUE, type SearchResult, type Window } from './result.ts';

export interface LinearPlace {
  readonly pattern: string;
  readonly text: Uint8Array;
  readonly windows: readonly Window[];
  readonly isOverdue: () => boolean;
}

/** RE2's first match from an offset on, with its groups, in a part of the text. */
export type Find = (from: number, begin: number, end: number) => Match | undefined;

/** The same matches without RE2, which is asked for their groups only; undefined where it has to find them. */
export function searchLinearly(
  patterns: LinearPatterns,
  { pattern, text, windows, isOverdue }: LinearPlace,
  limit: number,
  find: Find | undefined,
): SearchResult | undefined {
  const found = patterns.findAll(pattern, text, windows, limit + 1, isOverdue);
  if (found === undefined) return undefined;
  if (found === 'overdue') return OVERDUE;
  const truncated = found.length > limit;
  const matches: Match[] = [];
  for (const range of found.slice(0, limit)) {
    if (isOverdue()) return OVERDUE;
    const match = find === undefined ? range : groupsOf(text, range, find);
    if (match === undefined) return undefined;
    matches.push(match);
  }
  return { kind: 'matches', matches, truncated };
}

/** A match with its groups, where RE2 finds the same one without what stands behind it. */
function groupsOf(text: Uint8Array, { start, end }: ByteRange, find: Find): Match | undefined {
  const before = start === 0 ? 0 : previousCodePoint(text, start);
  const match = find(start, before, nextCodePoint(text, end));
  return match?.start === start && match.end === end ? match : undefined;
}
