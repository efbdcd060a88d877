/**
 * A WebAssembly instance of `kernelCode` with the tables of many searches in its memory. It needs no time
 * to get warm, as the same loop in JavaScript does, and a scan of some thousand files is over soon.
 */
import { BUDGET_AT, SEEN_AT, STOPPED_AT, TOLD_WORDS } from './program.ts';

/** Exports of `kernelCode`, instantiated by the caller, who has a `WebAssembly` global. */
export interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly search: (
    program: number,
    wanted: number,
    wantedPlans: number,
    at: number,
    end: number,
    low: number,
    high: number,
    begin: number,
    finish: number,
    out: number,
    limit: number,
  ) => number;
}

/** Memory: 16 bytes of state, tables, then what was found, then a part of the text. */
const TABLES_AT = 16;
/** Address of the first byte of an image. */
export const IMAGE_AT: number = TABLES_AT;
const OUT_AT: number = 8 << 20;
/** Bytes of what was found at which a search pauses. */
const OUT_LIMIT = 3 << 16;
/** Occurrences that a search at its limit may still add: of each plan or literal, at each offset of a block. */
export const MOST_AT_ONE_PLACE: number = 1 << 16;
/** Bytes of a text that are looked at in one call; a multiple of the stride. */
const CHUNK = 1 << 17;
/** Bytes of the text before and after a chunk, for literals and the steps around them. */
const MARGIN = 1024;
/** Longer literals are not looked for. */
export const MAX_LITERAL_BYTES = 256;
const TEXT_AT: number = OUT_AT + OUT_LIMIT + MOST_AT_ONE_PLACE * TOLD_WORDS * 4 + MARGIN;

/** Pages of 64 KiB that the memory has to have. */
export const KERNEL_PAGES: number = Math.ceil((TEXT_AT + CHUNK + 2 * MARGIN) / 65536);

/** Steps that a search may take around occurrences, for each byte of the text and beside that; code takes two. */
const STEPS_A_BYTE = 4;
const MORE_STEPS = 1 << 20;
const MAX_STEPS = 0x7fffffff;

/** No edge of a text lies at these addresses. */
const NOT_BELOW = 0;
const NOT_ABOVE = -1;

/** Called with the index of a literal or plan, and where the occurrence begins and ends. */
export type OnTold = (owner: number, start: number, end: number) => void;

/** Which literals and plans are told of: addresses of a byte for each, 1 for those that are. */
export interface Wanted {
  readonly literals: number;
  /** Where it is absent, literals are told of, else plans, of occurrences that may be a part of a match. */
  readonly plans?: number;
}

export interface Searched {
  /** All bytes that were looked at, one over the other, four at a time. */
  readonly seen: number;
  /** Whether each occurrence was followed; there are texts in which that would take too long. */
  readonly followed: boolean;
}

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

  /** Writes `bytes` over what was added at an address, which has as many. */
  put(address: number, bytes: Uint8Array): void {
    this.#memory.set(bytes, address);
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

  /** Runs the program at an address over a text; where plans are told of, what is told holds for valid UTF-8. */
  search(text: Uint8Array, program: number, wanted: Wanted, onTold: OnTold): Searched {
    const words = this.#words;
    const { search } = this.#exports;
    words[SEEN_AT >> 2] = 0;
    words[BUDGET_AT >> 2] = Math.min(text.length * STEPS_A_BYTE + MORE_STEPS, MAX_STEPS);
    const limit = OUT_AT + OUT_LIMIT;
    for (let from = 0; from < text.length; from += CHUNK) {
      const before = Math.min(from, MARGIN);
      const length = Math.min(text.length - from, CHUNK);
      const behind = Math.min(text.length - from, CHUNK + MARGIN);
      this.#memory.set(text.subarray(from - before, from + behind), TEXT_AT - before);
      this.#memory.fill(0, TEXT_AT + behind, TEXT_AT + behind + MARGIN);
      const low = TEXT_AT - before;
      const high = TEXT_AT + behind;
      const end = TEXT_AT + length;
      const begin = from === before ? low : NOT_BELOW;
      const finish = from + behind === text.length ? high : NOT_ABOVE;
      const { literals, plans = 0 } = wanted;
      for (let at = TEXT_AT; at < end; at = words[STOPPED_AT >> 2] ?? end) {
        const out =
          search(program, literals, plans, at, end, low, high, begin, finish, OUT_AT, limit) >> 2;
        for (let i = OUT_AT >> 2; i < out; i += TOLD_WORDS) {
          const shift = from - TEXT_AT;
          onTold(words[i] ?? 0, (words[i + 1] ?? 0) + shift, (words[i + 2] ?? 0) + shift);
        }
      }
    }
    return { seen: words[SEEN_AT >> 2] ?? 0, followed: (words[BUDGET_AT >> 2] ?? 0) >= 0 };
  }
}
