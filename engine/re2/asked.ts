/** Looks for a match of which more is asked than that the pattern finds it. */
import { nextCodePoint } from '../text/utf8.ts';
import type { ByteRange, Match } from './instance.ts';

export interface Asked {
  /** How many the pattern has. */
  readonly groups: number;
  readonly holds: (match: Match) => boolean;
  /** Bytes that may be read again. */
  readonly work: { left: number };
}

export interface AskedPlace {
  readonly text: Uint8Array;
  /** In which a match begins. */
  readonly window: ByteRange;
  /** The first match from an offset on. */
  readonly find: (from: number) => Match | undefined;
  /** `find` may read so far. */
  readonly end: number;
  readonly isOverdue: () => boolean;
}

/** Groups are told by an automaton that takes so many times as long for a byte as the search. */
const GROUPS_COST = 32;

/**
 * Whether a match there holds: of each place the one that RE2 prefers is asked, so also one inside of another that does
 * not hold. Undefined when the work is used up or the time is over.
 */
export function findAsked(
  { text, window, find, end, isOverdue }: AskedPlace,
  { holds, work }: Asked,
): boolean | undefined {
  let from = window.start;
  for (;;) {
    const match = find(from);
    if (match === undefined) return false;
    if (holds(match)) return true;
    if (match.start >= window.end) return false;
    work.left -= end - from + GROUPS_COST * (match.end - match.start);
    if (work.left < 0 || isOverdue()) return undefined;
    from = nextCodePoint(text, match.start);
  }
}
