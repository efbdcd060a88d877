/**
 * A WebAssembly instance of `kernelCode` with the tables of many searches in its memory. It needs no time
 * to get warm, as the same loop in JavaScript does, and a scan of some thousand files is over soon.
 */
import { SEEN_AT, STOPPED_AT } from './kernel-code.ts';

/** Exports of `kernelCode`, instantiated by the caller, who has a `WebAssembly` global. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly search: (
    program: number,
    wanted: number,
    at: number,
    end: number,
    low: number,
    high: number,
    out: number,
    limit: number,
  ) => number;
}

/** Memory: 16 bytes of state, tables, then what was found, then a part of the text. */
const TABLES_AT = 16;
const OUT_AT: number = 8 << 20;
/** Bytes of what was found at which a search pauses. */
const OUT_LIMIT = 1 << 17;
/** Bytes of a text that are looked at in one call; a multiple of every stride. */
const CHUNK = 1 << 17;
/** Bytes of the text before and after a chunk: a literal that begins or ends there is no longer than this. */
export const MARGIN = 256;
/** Occurrences that a search at its limit may still add: of each length, at each offset of a block, in two cases. */
const MOST_AT_ONE_PLACE: number = 1 << 14;
const TEXT_AT: number = OUT_AT + OUT_LIMIT + MOST_AT_ONE_PLACE * 8 + MARGIN;

/** Pages of 64 KiB that the memory has to have. */
export const KERNEL_PAGES: number = Math.ceil((TEXT_AT + CHUNK + 2 * MARGIN) / 65536);

/** Called with the index of a literal and where it begins. */
export type OnLiteral = (literal: number, start: number) => void;

export class Kernel {
  readonly #exports: KernelExports;
  readonly #memory: Uint8Array;
  readonly #words: Int32Array;
  #free: number = TABLES_AT;

  constructor(exports: KernelExports) {
    this.#exports = exports;
    this.#memory = new Uint8Array(exports.memory.buffer);
    this.#words = new Int32Array(exports.memory.buffer);
  }

  /** Room for so many bytes, all zero; undefined when there is none. */
  allocate(bytes: number): { readonly address: number; readonly words: Int32Array } | undefined {
    const address = this.#free;
    const end = address + ((bytes + 7) & ~7);
    if (end > OUT_AT) return undefined;
    this.#free = end;
    return { address, words: this.#words.subarray(address >> 2, end >> 2) };
  }

  /** Copies `bytes`; their address, or undefined when there is no room. */
  add(bytes: Uint8Array): number | undefined {
    const room = this.allocate(bytes.length);
    if (room === undefined) return undefined;
    this.#memory.set(bytes, room.address);
    return room.address;
  }

  /** Everything that was allocated, for `restore`. */
  image(): Uint8Array {
    return this.#memory.slice(TABLES_AT, this.#free);
  }

  /** Puts an image where it was, in a kernel of which nothing was allocated. */
  restore(image: Uint8Array): void {
    if (this.#free !== TABLES_AT || TABLES_AT + image.length > OUT_AT)
      throw new Error(`an image of ${image.length} bytes needs a kernel of its own`);
    this.#memory.set(image, TABLES_AT);
    this.#free = TABLES_AT + image.length;
  }

  /**
   * Runs the program at an address over a text, and returns all bytes looked at, one over the other, four
   * at a time. `wanted` is the address of a byte for each literal: only of those with a 1 is anything told.
   */
  search(text: Uint8Array, program: number, wanted: number, onLiteral: OnLiteral): number {
    const words = this.#words;
    words[SEEN_AT >> 2] = 0;
    for (let from = 0; from < text.length; from += CHUNK) {
      const before = Math.min(from, MARGIN);
      const length = Math.min(text.length - from, CHUNK);
      const behind = Math.min(text.length - from, CHUNK + MARGIN);
      this.#memory.set(text.subarray(from - before, from + behind), TEXT_AT - before);
      this.#memory.fill(0, TEXT_AT + behind, TEXT_AT + behind + MARGIN);
      const low = TEXT_AT - before;
      const high = TEXT_AT + behind;
      const end = TEXT_AT + length;
      for (let at = TEXT_AT; at < end; at = words[STOPPED_AT >> 2] ?? end) {
        const limit = OUT_AT + OUT_LIMIT;
        const out = this.#exports.search(program, wanted, at, end, low, high, OUT_AT, limit) >> 2;
        for (let i = OUT_AT >> 2; i < out; i += 2)
          onLiteral(words[i] ?? 0, from + (words[i + 1] ?? 0) - TEXT_AT);
      }
    }
    return words[SEEN_AT >> 2] ?? 0;
  }
}
