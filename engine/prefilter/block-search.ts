/**
 * Finds literals by looking at every second or fourth place of a text only: whatever place an occurrence
 * begins at, one of its blocks lies where it is looked. A block that some literal has there is told by one
 * bit of a small table; where it passes, the literals that may be there are compared. (After Wu, Manber: A
 * fast algorithm for multi-pattern searching, 1994, with the table of blocks and without the shifts.)
 * Blocks are told apart without the case of their letters, literals are compared with it.
 *
 * Contract: reports what `AhoCorasick` reports, not in its order.
 */
import type { Literal } from '../regex/literals.ts';
import type { OnOccurrence } from './aho-corasick.ts';
import { writeProgram } from './block-program.ts';
import { mayFold } from './folding.ts';
import type { Kernel } from './kernel.ts';

/** Of a search's literals those that are told of. */
export type Selection = number;

export class BlockSearch {
  readonly #kernel: Kernel;
  /** Address in the kernel's memory. */
  readonly #program: number;
  readonly #all: Selection;
  readonly #lengths: readonly number[];
  /** Whether a folding character could be part of an occurrence. */
  readonly #folds: boolean;
  #sawAscii = false;

  /** Undefined when the kernel is full, or a literal has less than two bytes or more than 256. */
  static of(literals: readonly Literal[], kernel: Kernel): BlockSearch | undefined {
    const program = writeProgram(literals, kernel);
    const all = kernel.add(new Uint8Array(literals.length).fill(1));
    if (program === undefined || all === undefined) return undefined;
    return new BlockSearch(literals, kernel, program, all);
  }

  private constructor(
    literals: readonly Literal[],
    kernel: Kernel,
    program: number,
    all: Selection,
  ) {
    this.#kernel = kernel;
    this.#program = program;
    this.#all = all;
    this.#lengths = literals.map(({ bytes }) => bytes.length);
    this.#folds = literals.some(({ bytes, foldCase }) => foldCase && /[sk]/.test(bytes));
  }

  /** `wanted` has a byte for each literal: 1 for those that are told of. Undefined when the kernel is full. */
  select(wanted: Uint8Array): Selection | undefined {
    return this.#kernel.add(wanted);
  }

  /** As `AhoCorasick.search`: false means that `text` has to be searched with folding characters in mind. */
  search(text: Uint8Array, onOccurrence: OnOccurrence, selection: Selection = this.#all): boolean {
    const lengths = this.#lengths;
    const seen = this.#kernel.search(text, this.#program, selection, (literal, start) =>
      onOccurrence(literal, start, start + (lengths[literal] ?? 0)),
    );
    this.#sawAscii = (seen & 0x80808080) === 0;
    return !this.#folds || this.#sawAscii || !mayFold(text, 0, text.length);
  }

  /** Whether the last text was ASCII. */
  get sawAscii(): boolean {
    return this.#sawAscii;
  }
}
