/**
 * Finds literals by looking at every second place of a text only: whatever place an occurrence begins at, one of
 * its blocks lies where it is looked. A block that some literal has there, of six bytes or, for short literals, of
 * three, is told by one bit of a small table; where it passes, the literals that may be there are compared. (After
 * Wu, Manber: A fast algorithm for multi-pattern searching, 1994, with the table of blocks and without the shifts.)
 * Blocks are told apart without the case of their letters, literals are compared with it.
 *
 * Contract: reports what `AhoCorasick` reports, not in its order.
 */
import type { OnOccurrence } from './aho-corasick.ts';
import { foldText, mayFold } from './folding.ts';
import type { Kernel, OnTold, Searched, Wanted } from './kernel.ts';

/** What a search knows of its literals once its tables are written. */
export interface BlockTables {
  /** Address of the program in the kernel's memory. */
  readonly program: number;
  /** Address of a 1 for each literal. */
  readonly all: number;
  /** 1 for those that match in either case. */
  readonly folds: ArrayLike<number>;
}

export class BlockSearch {
  readonly tables: BlockTables;
  readonly #kernel: Kernel;
  #sawAscii = false;

  /** `tables` are in the kernel's memory already. */
  constructor(kernel: Kernel, tables: BlockTables) {
    this.#kernel = kernel;
    this.tables = tables;
  }

  /** The address of `bytes`, for a selection; undefined when the kernel is full. */
  add(bytes: Uint8Array): number | undefined {
    return this.#kernel.add(bytes);
  }

  /** Writes `bytes` over what was added at an address. */
  put(address: number, bytes: Uint8Array): void {
    this.#kernel.put(address, bytes);
  }

  /** As `AhoCorasick.search`: false means that `text` has to be searched again, by `searchFolding`. */
  search(text: Uint8Array, onOccurrence: OnOccurrence, literals?: number): boolean {
    return this.#isWhole(text, this.#search(text, onOccurrence, literals));
  }

  /**
   * Tells of plans instead of literals: of occurrences that may be a part of a match, where the text is valid UTF-8.
   * Not all were followed where `followed` is false; `isWhole` is as what `search` returns.
   */
  follow(
    text: Uint8Array,
    onOccurrence: OnOccurrence,
    wanted: Wanted,
  ): { readonly isWhole: boolean; readonly followed: boolean } {
    const searched = this.#kernel.search(text, this.tables.program, wanted, onOccurrence);
    return { isWhole: this.#isWhole(text, searched), followed: searched.followed };
  }

  /** As `AhoCorasick.searchFolding`. */
  searchFolding(text: Uint8Array, onOccurrence: OnOccurrence, literals?: number): void {
    const { folds } = this.tables;
    const { bytes, originOf, isFolded } = foldText(text);
    this.#search(
      bytes,
      (literal, start, end) => {
        if (folds[literal] === 1 || !isFolded(start, end))
          onOccurrence(literal, originOf(start), originOf(end));
      },
      literals,
    );
  }

  /** Whether the last text was ASCII. */
  get sawAscii(): boolean {
    return this.#sawAscii;
  }

  #isWhole(text: Uint8Array, { seen }: Searched): boolean {
    this.#sawAscii = (seen & 0x80808080) === 0;
    return this.#sawAscii || !mayFold(text, 0, text.length);
  }

  #search(text: Uint8Array, onTold: OnTold, literals: number = this.tables.all): Searched {
    return this.#kernel.search(text, this.tables.program, { literals }, onTold);
  }
}
