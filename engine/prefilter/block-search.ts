/**
 * Finds literals by looking at every second or fourth place of a text only: whatever place an occurrence
 * begins at, one of its blocks lies where it is looked. A block that some literal has there is told by one
 * bit of a small table; the few that pass are compared. (After Wu, Manber: A fast algorithm for
 * multi-pattern searching, 1994, with the table of blocks and without the shifts.)
 *
 * Contract: of literals of three bytes or more, reports what `AhoCorasick` reports, not in its order.
 */
import type { Literal } from '../regex/literals.ts';
import type { OnOccurrence } from './aho-corasick.ts';
import { mayFold } from './folding.ts';
import type { Kernel } from './kernel.ts';
import { MULTIPLIER } from './kernel-code.ts';

/** Shorter literals would fill the table: they are passed over. */
export const MIN_BLOCK_LENGTH: number = 3;
/** Bytes of a block, looked at in every second place. */
const NARROW = 3;
/** Bytes of a block, looked at in every fourth place, which literals of seven bytes or more allow. */
const WIDE = 4;
const WIDE_LENGTH = 7;
/** Bits of the table for each block in it: the more, the fewer places pass by chance. */
const BITS_A_BLOCK = 64;
/** Where that is still a small table: 8 KiB stay in a processor's nearest memory. */
const MANY_BITS_A_BLOCK = 1024;
const SMALL_TABLE_BITS = 16;
const MIN_TABLE_BITS = 12;
const MAX_TABLE_BITS = 20;

/** A literal that has a block at `offset`. */
interface Entry {
  readonly literal: number;
  readonly offset: number;
}
type Entries = ReadonlyMap<number, readonly Entry[]>;

interface Blocks {
  /** Bytes of a block. */
  readonly size: number;
  readonly entries: Entries;
  readonly cut: Entries;
  readonly bits: Int32Array;
  /** A block's hash is the product shifted by this. */
  readonly shift: number;
}

export class BlockSearch {
  readonly #literals: readonly Literal[];
  readonly #kernel: Kernel;
  /** Address of the table in the kernel's memory: one bit for each hash. */
  readonly #table: number;
  readonly #shift: number;
  readonly #size: number;
  readonly #entries: Entries;
  /** Entries of literals that end a byte before the block, by what they have of it. */
  readonly #cut: Entries;
  /** Whether a folding character could be part of an occurrence. */
  readonly #folds: boolean;
  #sawAscii = false;

  /** Undefined where this cannot be used: when no literal is long enough, or the kernel is full. */
  static of(literals: readonly Literal[], kernel: Kernel): BlockSearch | undefined {
    const lengths = literals.map(({ bytes }) => bytes.length);
    const shortest = Math.min(...lengths.filter((length) => length >= MIN_BLOCK_LENGTH));
    if (shortest === Infinity && literals.length > 0) return undefined;
    const blocks = blocksOf(literals, shortest < WIDE_LENGTH ? NARROW : WIDE);
    const table = kernel.addTable(blocks.bits);
    return table === undefined ? undefined : new BlockSearch(literals, kernel, table, blocks);
  }

  private constructor(
    literals: readonly Literal[],
    kernel: Kernel,
    table: number,
    { size, entries, cut, shift }: Blocks,
  ) {
    this.#literals = literals;
    this.#kernel = kernel;
    this.#table = table;
    this.#shift = shift;
    this.#size = size;
    this.#entries = entries;
    this.#cut = cut;
    this.#folds = literals.some(({ bytes, foldCase }) => foldCase && /[sk]/.test(bytes));
  }

  /** As `AhoCorasick.search`: false means that `text` has to be searched with folding characters in mind. */
  search(text: Uint8Array, onOccurrence: OnOccurrence): boolean {
    const seen = this.#kernel.search(text, this.#table, this.#shift, this.#size === WIDE, (at) =>
      this.#compare(text, at, onOccurrence),
    );
    this.#sawAscii = (seen & 0x80808080) === 0;
    return !this.#folds || this.#sawAscii || !mayFold(text, 0, text.length);
  }

  /** Whether the last text was ASCII. */
  get sawAscii(): boolean {
    return this.#sawAscii;
  }

  #compare(text: Uint8Array, at: number, onOccurrence: OnOccurrence): void {
    const pair = byteAt(text, at) | (byteAt(text, at + 1) << 8);
    const three = pair | (byteAt(text, at + 2) << 16);
    const block = this.#size === WIDE ? three | (byteAt(text, at + 3) << 24) : three;
    this.#compareAll(this.#entries.get(block), text, at, onOccurrence);
    if (this.#cut.size > 0) this.#compareAll(this.#cut.get(pair), text, at, onOccurrence);
  }

  #compareAll(
    entries: readonly Entry[] | undefined,
    text: Uint8Array,
    at: number,
    onOccurrence: OnOccurrence,
  ): void {
    if (entries === undefined) return;
    for (const { literal, offset } of entries) {
      const { bytes, foldCase } = this.#literals[literal] as Literal;
      const start = at - offset;
      const end = start + bytes.length;
      if (start >= 0 && end <= text.length && equals(text, start, bytes, foldCase))
        onOccurrence(literal, start, end);
    }
  }
}

function byteAt(text: Uint8Array, at: number): number {
  return at < text.length ? (text[at] ?? 0) : 0;
}

function equals(text: Uint8Array, start: number, bytes: string, foldCase: boolean): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = text[start + i] as number;
    const wanted = bytes.charCodeAt(i);
    if (byte !== wanted && !(foldCase && isLetter(wanted) && byte === wanted - 0x20)) return false;
  }
  return true;
}

function isLetter(lower: number): boolean {
  return lower >= 0x61 && lower <= 0x7a;
}

function blocksOf(literals: readonly Literal[], size: number): Blocks {
  const stride = size === WIDE ? 4 : 2;
  const entries = new Map<number, Entry[]>();
  const cut = new Map<number, Entry[]>();
  literals.forEach((literal, index) => {
    if (literal.bytes.length < MIN_BLOCK_LENGTH) return;
    const first = rarestOffset(literal, size, stride);
    for (let offset = first; offset < first + stride; offset++) {
      const known = Math.min(size, literal.bytes.length - offset);
      for (const block of blocksAt(literal, offset, known))
        append(known < size ? cut : entries, block, { literal: index, offset });
    }
  });
  const count = Math.max(1, entries.size + cut.size * 256);
  const wanted = Math.max(
    Math.ceil(Math.log2(count * BITS_A_BLOCK)),
    Math.min(Math.ceil(Math.log2(count * MANY_BITS_A_BLOCK)), SMALL_TABLE_BITS),
  );
  const tableBits = Math.min(Math.max(wanted, MIN_TABLE_BITS), MAX_TABLE_BITS);
  const shift = 32 - tableBits;
  const bits = new Int32Array(1 << (tableBits - 5));
  const note = (block: number): void => {
    const hash = Math.imul(block, MULTIPLIER) >>> shift;
    bits[hash >>> 5] = (bits[hash >>> 5] ?? 0) | (1 << hash);
  };
  for (const block of entries.keys()) note(block);
  for (const block of cut.keys())
    for (let byte = 0; byte < 256; byte++) note(block | (byte << (8 * (size - 1))));
  return { size, entries, cut, bits, shift };
}

function append(entries: Map<number, Entry[]>, block: number, entry: Entry): void {
  const known = entries.get(block);
  if (known === undefined) entries.set(block, [entry]);
  else known.push(entry);
}

/** What `size` bytes at `offset` of a literal may be, in every case of its letters. */
function blocksAt({ bytes, foldCase }: Literal, offset: number, size: number): number[] {
  let blocks = [0];
  for (let i = 0; i < size; i++) {
    const byte = bytes.charCodeAt(offset + i);
    const lower = blocks.map((block) => block | (byte << (8 * i)));
    if (!foldCase || !isLetter(byte)) blocks = lower;
    else blocks = [...lower, ...blocks.map((block) => block | ((byte - 0x20) << (8 * i)))];
  }
  return blocks;
}

/** First of `stride` neighbouring offsets whose blocks are met least often in code, each by its own bytes. */
function rarestOffset({ bytes }: Literal, size: number, stride: number): number {
  const last = Math.min(bytes.length - size - stride + 1, MAX_OFFSET);
  let best = 0;
  let least = Infinity;
  for (let first = 0; first <= last; first++) {
    let common = 0;
    for (let block = first; block < first + stride; block++) {
      let product = 1;
      for (let at = block; at < block + size; at++)
        product *= 1 + (COMMONNESS[bytes.charCodeAt(at)] ?? 0);
      common += product;
    }
    if (common < least) {
      least = common;
      best = first;
    }
  }
  return best;
}

/** Enough to get past a prefix that many literals share. */
const MAX_OFFSET = 12;

/** By byte: letters of many words are more common than capitals and signs. */
const COMMONNESS: Uint8Array = commonness();

function commonness(): Uint8Array {
  const table = new Uint8Array(256);
  const letters = ' etarnisolcdpumfhgbyvwxkjqz';
  for (let i = 0; i < letters.length; i++) table[letters.charCodeAt(i)] = letters.length - i;
  return table;
}
