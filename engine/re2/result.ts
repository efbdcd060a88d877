/** Where a pattern is searched for, and what a search tells. */
import type { ByteRange, Match } from './instance.ts';

/** Half-open window in which to search; `from` and `to` bound the matches, one code point around is visible. */
export interface Window extends ByteRange {
  /** A match in it begins at its start; there is at most one. */
  readonly anchored?: boolean;
}

export type SearchResult =
  | {
      readonly kind: 'matches';
      readonly matches: readonly Match[];
      readonly truncated: boolean;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  /** The caller's deadline passed before the pattern was done. */
  | { readonly kind: 'overdue' };

export const OVERDUE: SearchResult = { kind: 'overdue' };
