/** What the tables of one search hold, and where: written by `block-program.ts`, read by `kernel-code.ts`. */

/** Hashes of blocks are the upper 32 bits of a product with these: of three bytes, and of six. */
export const MULTIPLIER = 0x9e3779b1;
export const LONG_MULTIPLIER = 0x9e3779b97f4a7c15n;
/** The bit that lower-case letters have and capitals have not. */
export const FOLD = 0x202020;
export const LONG_FOLD = 0x202020202020n;
export const THREE_BYTES = 0xffffff;
export const SIX_BYTES = 0xffffffffffffn;
/** Places between two that are looked at. */
export const STRIDE = 2;

/** Address of the bytes seen, one over the other. */
export const SEEN_AT = 0;
/** Address of the place where a search stopped. */
export const STOPPED_AT = 4;
/** Address of the steps that may still be taken around occurrences. */
export const BUDGET_AT = 8;

/** Words of a program, by index; those from `starts` on are zero where it has no plans. */
export const PROGRAM = {
  shortBits: 0,
  shortShift: 1,
  shortHeads: 2,
  shortHeadShift: 3,
  cutHeads: 4,
  longBits: 5,
  longShift: 6,
  longHeads: 7,
  longHeadShift: 8,
  /** For each literal, and behind the last one: where its plans begin in `plans`. */
  starts: 9,
  plans: 10,
  /** For each plan two words, and one behind the last: where its traces before and after a literal begin in `code`. */
  traces: 11,
  code: 12,
  classes: 13,
  /** A class of what `\w` is. */
  word: 14,
  /** For each plan a byte: 1 where the steps before a literal are followed first. */
  backFirst: 15,
} as const;
export const PROGRAM_WORDS = 16;

/** A hash of two bytes has so many bits less than 32. */
export const CUT_SHIFT = 22;
/** Of each of the two tables of those that have only two bytes in a block: its first two, and its last two. */
export const CUT_HEADS_BYTES: number = 4 << (32 - CUT_SHIFT);

/** Words of an entry, by index; then, for each eight bytes, the bytes, what is set in the text's, and what counts. */
export const ENTRY = { next: 0, offset: 1, literal: 2, length: 3, end: 4 } as const;
export const ENTRY_WORDS = 6;
export const EIGHT_BYTES_WORDS = 6;

/** What is told of an occurrence: words of whose it is, where it begins and where it ends. */
export const TOLD_WORDS = 3;
