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
import { foldText, mayFold } from './folding.ts';
import type { Kernel } from './kernel.ts';

/** Of a search's literals those that are told of. */
export type Selection = number;

/** What a search knows of its literals once its tables are written. */
export interface BlockTables {
  /** Address of the program in the kernel's memory. */
  readonly program: number;
  readonly all: Selection;
  /** Lengths of the literals. */
  readonly lengths: ArrayLike<number>;
  /** 1 for those that match in either case. */
  readonly folds: ArrayLike<number>;
}

export class BlockSearch {
  readonly tables: BlockTables;
  readonly #kernel: Kernel;
  #sawAscii = false;

  /** Undefined when the kernel is full, or a literal has less than two bytes or more than 256. */
  static of(literals: readonly Literal[], kernel: Kernel): BlockSearch | undefined {
    const program = writeProgram(literals, kernel);
    const all = kernel.add(new Uint8Array(literals.length).fill(1));
    if (program === undefined || all === undefined) return undefined;
    const lengths = literals.map(({ bytes }) => bytes.length);
    const folds = literals.map(({ foldCase }) => (foldCase ? 1 : 0));
    return new BlockSearch(kernel, { program, all, lengths, folds });
  }

  /** `tables` are in the kernel's memory already. */
  constructor(kernel: Kernel, tables: BlockTables) {
    this.#kernel = kernel;
    this.tables = tables;
  }

  /** `wanted` has a byte for each literal: 1 for those that are told of. Undefined when the kernel is full. */
  select(wanted: Uint8Array): Selection | undefined {
    return this.#kernel.add(wanted);
  }

  /** As `AhoCorasick.search`: false means that `text` has to be searched again, by `searchFolding`. */
  search(text: Uint8Array, onOccurrence: OnOccurrence, selection?: Selection): boolean {
    const seen = this.#search(text, onOccurrence, selection);
    this.#sawAscii = (seen & 0x80808080) === 0;
    return this.#sawAscii || !mayFold(text, 0, text.length);
  }

  /** As `AhoCorasick.searchFolding`. */
  searchFolding(text: Uint8Array, onOccurrence: OnOccurrence, selection?: Selection): void {
    const { folds } = this.tables;
    const { bytes, originOf, isFolded } = foldText(text);
    this.#search(
      bytes,
      (literal, start, end) => {
        if (folds[literal] === 1 || !isFolded(start, end))
          onOccurrence(literal, originOf(start), originOf(end));
      },
      selection,
    );
  }

  /** Whether the last text was ASCII. */
  get sawAscii(): boolean {
    return this.#sawAscii;
  }

  #search(
    text: Uint8Array,
    onOccurrence: OnOccurrence,
    selection: Selection = this.tables.all,
  ): number {
    const { program, lengths } = this.tables;
    return this.#kernel.search(text, program, selection, (literal, start) =>
      onOccurrence(literal, start, start + (lengths[literal] ?? 0)),
    );
  }
}
