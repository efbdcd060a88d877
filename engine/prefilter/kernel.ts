/**
 * A WebAssembly instance of `kernelCode` with the tables of many searches in its memory. It needs no time
 * to get warm, as the same loop in JavaScript does, and a scan of some thousand files is over soon.
 */
import { SEEN_AT } from './kernel-code.ts';

/** Looks at blocks from `at` to `end` and writes the addresses of those that pass; returns the end of these. */
export type KernelSearch = (
  table: number,
  shift: number,
  at: number,
  end: number,
  out: number,
) => number;

/** Exports of `kernelCode`, instantiated by the caller, who has a `WebAssembly` global. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly narrow: KernelSearch;
  readonly wide: KernelSearch;
}

/** Memory: 16 bytes for `SEEN_AT`, tables, then addresses of blocks, then a part of the text. */
const TABLES_AT = 16;
const OUT_AT = 1 << 22;
/** Bytes of a text that are looked at in one call; a multiple of both strides. */
const CHUNK = 1 << 17;
const TEXT_AT: number = OUT_AT + (CHUNK / 2) * 4;
/** What a block at the end of a chunk may reach beyond it. */
const MARGIN = 16;

/** Pages of 64 KiB that the memory has to have. */
export const KERNEL_PAGES: number = Math.ceil((TEXT_AT + CHUNK + 2 * MARGIN) / 65536);

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

  /** Copies a table; its address, or undefined when there is no room. */
  addTable(bits: Int32Array): number | undefined {
    const address = this.#free;
    if (address + bits.byteLength > OUT_AT) return undefined;
    this.#words.set(bits, address >> 2);
    this.#free += bits.byteLength;
    return address;
  }

  /**
   * Calls `onBlock` with the offset of each block that passes, in order, and returns all bytes looked at,
   * one over the other, four at a time. Beyond the text there are zeros.
   */
  search(
    text: Uint8Array,
    table: number,
    shift: number,
    wide: boolean,
    onBlock: (at: number) => void,
  ): number {
    const words = this.#words;
    const run = wide ? this.#exports.wide : this.#exports.narrow;
    words[SEEN_AT >> 2] = 0;
    for (let from = 0; from < text.length; from += CHUNK) {
      const length = Math.min(text.length - from, CHUNK);
      const copied = Math.min(text.length - from, CHUNK + MARGIN);
      this.#memory.set(text.subarray(from, from + copied), TEXT_AT);
      this.#memory.fill(0, TEXT_AT + copied, TEXT_AT + copied + MARGIN);
      const end = run(table, shift, TEXT_AT, TEXT_AT + length, OUT_AT) >> 2;
      for (let i = OUT_AT >> 2; i < end; i++) onBlock(from + (words[i] ?? 0) - TEXT_AT);
    }
    return words[SEEN_AT >> 2] ?? 0;
  }
}
