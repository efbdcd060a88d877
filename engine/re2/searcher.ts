/**
 * Searches with RE2's own functions, called inside the module on text that is in its memory.
 *
 * `RE2::Match` runs automata, whose states it builds as a text leads to them: fast for a pattern that is used often,
 * slow for one that is used for the first time, as most are in an edit, and it compiles the pattern backwards to tell
 * where a match begins. RE2's backtracker builds nothing. It finds the same matches in the same order, and it is
 * linear, too: it marks each pair of an instruction and a place, and visits none twice. So a pattern's first short
 * texts go to the backtracker, the others to `RE2::Match`.
 */
import type { ByteRange, Match } from './instance.ts';
import type { WasmExports, WasmMemory } from './runtime.ts';

/** Where a search takes place: offsets in a text, on code point boundaries. */
export interface SearchArea {
  /** The text's address in the module's memory. */
  readonly text: number;
  /** What `^`, `$` and `\b` see begins and ends here. */
  readonly contextStart: number;
  readonly end: number;
  /** No match begins before this one. */
  readonly start: number;
  /** Nor behind it. */
  readonly anchored: boolean;
}

/** `StringPiece`: an address and a length, each a word. */
const PIECE_BYTES = 8;
/** Before the pieces of a match: the text, and the text with its context. */
const INPUT_PIECES = 2;
/** The whole match and its groups; a pattern that has more gets more. */
const MATCH_PIECES = 62;

/** Offsets in an `RE2`: of the literal text that it begins with, where that was taken off its program, and of that. */
const RE2_PREFIX = 64;
const RE2_PROGRAM = 84;
/** In libc++'s `std::string`: a short one's length is its last byte. */
const STRING_LENGTH = 11;
/** Offsets in a `Prog`: whether it begins with `\A`, ends with `\z`; how many instructions it has, and where lists of them begin. */
const PROGRAM_ANCHOR_START = 0;
const PROGRAM_ANCHOR_END = 1;
const PROGRAM_SIZE = 16;
const PROGRAM_LIST_HEADS = 72;

/** `RE2::UNANCHORED` and `Prog::kUnanchored`; `RE2::ANCHOR_START` and `Prog::kAnchored`; `Prog::kFirstMatch`. */
const UNANCHORED = 0;
const ANCHORED = 1;
const FIRST_MATCH = 0;

/**
 * Pairs of an instruction and a place that the backtracker may visit in one search: some milliseconds at worst. RE2's
 * own bound counts lists of instructions, each of which may be as long as the program.
 */
const MOST_VISITS = 1 << 17;
/** Of text that the backtracker searches for one pattern; with more than that, the automata pay for themselves. */
export const BACKTRACKED_BYTES = 2048;

export interface SearcherOptions {
  /** Gives the address of so many bytes. */
  readonly allocate: (bytes: number) => number;
  /** That of the instance whose snapshot is in the memory. */
  readonly scratch: number | undefined;
  /** See `Re2Limits`. */
  readonly backtrackedBytes: number | undefined;
}

export class Searcher {
  /** Address of the scratch pieces. */
  readonly scratch: number;
  readonly #memory: WasmMemory;
  readonly #exports: WasmExports;
  readonly #allocate: (bytes: number) => number;
  #pieces: number;
  #room = MATCH_PIECES;
  readonly #limit: number;
  #seen: DataView | undefined;
  /** By address of an `RE2`. */
  readonly #backtracked = new Map<number, number>();

  constructor(
    memory: WasmMemory,
    exports: WasmExports,
    { allocate, scratch, backtrackedBytes = BACKTRACKED_BYTES }: SearcherOptions,
  ) {
    this.#memory = memory;
    this.#exports = exports;
    this.#allocate = allocate;
    this.#limit = backtrackedBytes;
    this.scratch = scratch ?? allocate((INPUT_PIECES + MATCH_PIECES) * PIECE_BYTES);
    this.#pieces = this.scratch;
  }

  /**
   * The leftmost match of the `RE2` at an address; with its groups where `groups` says how many the pattern has.
   * `byAutomata`: not by the backtracker.
   */
  find(re2: number, area: SearchArea, groups?: number, byAutomata = false): Match | undefined {
    const pieces = 1 + (groups ?? 0);
    if (pieces > this.#room) {
      // By doubling, as what was there is not given back: it may be a part of a snapshot.
      this.#room = Math.max(pieces, 2 * this.#room);
      this.#pieces = this.#allocate((INPUT_PIECES + this.#room) * PIECE_BYTES);
    }
    if (!this.#search(re2, area, pieces, byAutomata)) return undefined;
    // The memory may have grown.
    const view = this.#view;
    const match = this.#pieces + INPUT_PIECES * PIECE_BYTES;
    const range = readPiece(view, match, area.text);
    if (range === undefined) throw new Error('RE2 tells of a match and not where it is');
    if (groups === undefined) return range;
    const ranges = Array.from({ length: groups }, (_, index) =>
      readPiece(view, match + (index + 1) * PIECE_BYTES, area.text),
    );
    return { ...range, groups: ranges };
  }

  /** Whether there is a match: automata stop where the first one ends, and do not look for its beginning. */
  test(re2: number, area: SearchArea): boolean {
    return this.#search(re2, area, 0, false);
  }

  /** Of the memory as it is: when it grows its buffer is detached. To ask the memory for that takes longer than to ask its buffer. */
  get #view(): DataView {
    if (this.#seen === undefined || this.#seen.buffer.byteLength === 0)
      this.#seen = new DataView(this.#memory.buffer);
    return this.#seen;
  }

  /** Writes so many pieces of the match. */
  #search(re2: number, area: SearchArea, pieces: number, byAutomata: boolean): boolean {
    const { text, contextStart, start, end } = area;
    const anchor = area.anchored ? ANCHORED : UNANCHORED;
    const context = this.#pieces;
    const searched = context + PIECE_BYTES;
    const match = searched + PIECE_BYTES;
    const view = this.#view;
    writePiece(view, context, text + contextStart, end - contextStart);
    writePiece(view, searched, text + start, end - start);
    const program = byAutomata ? undefined : this.#toBacktrack(view, re2, end - start);
    const { 'RE2::Match': search, 'Prog::SearchBitState': backtrack } = this.#exports;
    const from = start - contextStart;
    const found =
      program === undefined
        ? search(re2, context, from, end - contextStart, anchor, match, pieces)
        : backtrack(program, searched, context, anchor, FIRST_MATCH, match, pieces);
    return found !== 0;
  }

  /** What is at the address from now on is another pattern. */
  forget(re2: number): void {
    this.#backtracked.delete(re2);
  }

  /** The program of an `RE2`, where the backtracker is to search so many bytes. */
  #toBacktrack(view: DataView, re2: number, bytes: number): number | undefined {
    const before = this.#backtracked.get(re2) ?? 0;
    if (before + bytes >= this.#limit) return undefined;
    const program = view.getUint32(re2 + RE2_PROGRAM, true);
    // What `RE2::Match` looks at before it runs the program is left to it.
    const isWhole =
      view.getUint8(re2 + RE2_PREFIX + STRING_LENGTH) === 0 &&
      view.getUint8(program + PROGRAM_ANCHOR_START) === 0 &&
      view.getUint8(program + PROGRAM_ANCHOR_END) === 0;
    // A large program has no such lists.
    if (!isWhole || view.getUint32(program + PROGRAM_LIST_HEADS, true) === 0) return undefined;
    if (view.getUint32(program + PROGRAM_SIZE, true) * (bytes + 1) > MOST_VISITS) return undefined;
    this.#backtracked.set(re2, before + bytes);
    return program;
  }
}

function writePiece(view: DataView, at: number, address: number, length: number): void {
  view.setUint32(at, address, true);
  view.setUint32(at + 4, length, true);
}

/** As offsets in the text at an address; undefined for a group that took no part. */
function readPiece(view: DataView, at: number, text: number): ByteRange | undefined {
  const address = view.getUint32(at, true);
  if (address === 0) return undefined;
  const start = address - text;
  return { start, end: start + view.getUint32(at + 4, true) };
}
