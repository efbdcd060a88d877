/** Writes the tables of one search by blocks into a kernel's memory, as `kernel-code.ts` reads them. */
import type { Literal } from '../regex/literals.ts';
import { type Kernel, MARGIN } from './kernel.ts';
import {
  CUT_HEADS_BYTES,
  CUT_SHIFT,
  EIGHT_BYTES_WORDS,
  ENTRY,
  ENTRY_WORDS,
  MULTIPLIER,
  PROGRAM,
  PROGRAM_WORDS,
} from './kernel-code.ts';
import { rarestOffset } from './rarest.ts';

/** Shorter literals would fill the table. */
const MIN_LENGTH = 2;

interface Shape {
  /** Bytes of a block. */
  readonly size: number;
  /** Places between two that are looked at. */
  readonly stride: number;
  readonly mask: number;
  /** Bytes of a block that may be those behind the literal. */
  readonly cut: number;
}
/** Three bytes, looked at in every second place. */
const NARROW: Shape = { size: 3, stride: 2, mask: 0xffffff, cut: 1 };
/** Four, looked at in every fourth place, which literals of seven bytes or more allow. */
const WIDE: Shape = { size: 4, stride: 4, mask: -1, cut: 0 };
const WIDE_LENGTH = 7;

/** Bits of the table for each block in it: the more, the fewer places pass by chance. */
const BITS_A_BLOCK = 64;
/** Where that is still a small table: 8 KiB stay in a processor's nearest memory. */
const MANY_BITS_A_BLOCK = 1024;
const SMALL_TABLE_BITS = 16;
const MIN_TABLE_BITS = 12;
const MAX_TABLE_BITS = 20;
const MIN_HEAD_BITS = 4;
/** The bit that lower-case letters have and capitals have not, of four bytes. */
const FOLD = 0x20202020;
/** What is left of 256 bytes when that bit is set. */
const FOLDED_BYTES = 128;

/** A literal that has a block at `offset`. */
interface Entry {
  readonly literal: Literal;
  /** Of the literal among all. */
  readonly index: number;
  /** -1: the literal begins at the second byte. */
  readonly offset: number;
  /** What the literal has of it, folded; where it begins before the literal, that is its end. */
  readonly block: number;
  readonly isCut: boolean;
}

/** The program's address, or undefined when there is no room, or a literal is too short or too long. */
export function writeProgram(literals: readonly Literal[], kernel: Kernel): number | undefined {
  const lengths = literals.map(({ bytes }) => bytes.length);
  if (lengths.some((length) => length < MIN_LENGTH || length > MARGIN)) return undefined;
  const shape = Math.min(...lengths) < WIDE_LENGTH ? NARROW : WIDE;
  const entries = entriesOf(literals, shape);
  const cuts = entries.filter(({ isCut }) => isCut).length;
  const wholes = entries.length - cuts;
  const shift = 32 - tableBits(Math.max(1, wholes + cuts * FOLDED_BYTES));
  const headShift = 32 - Math.max(MIN_HEAD_BITS, Math.ceil(Math.log2(wholes + 1)));
  const words = entries.reduce((sum, { literal }) => sum + wordsOf(literal), 0);

  const program = kernel.allocate(PROGRAM_WORDS * 4);
  const bits = kernel.allocate((1 << (32 - shift)) >> 3);
  const heads = kernel.allocate(4 << (32 - headShift));
  const cutHeads = kernel.allocate(2 * CUT_HEADS_BYTES);
  const room = kernel.allocate(words * 4);
  if (!program || !bits || !heads || !cutHeads || !room) return undefined;

  const last = shape.size - 1;
  for (const { block, offset, isCut } of entries) {
    if (!isCut) note(bits.words, block, shift);
    else
      for (let byte = 0; byte < FOLDED_BYTES; byte++)
        note(
          bits.words,
          offset < 0 ? (block << 8) | unfolded(byte) : block | (unfolded(byte) << (8 * last)),
          shift,
        );
  }
  let at = 0;
  const hashOf = ({ block, isCut, offset }: Entry): number =>
    (Math.imul(block, MULTIPLIER) >>> (isCut ? CUT_SHIFT : headShift)) +
    (offset < 0 ? CUT_HEADS_BYTES / 4 : 0);
  // Those of a hash one behind the other, as they are read.
  for (const entry of entries.sort((a, b) => hashOf(a) - hashOf(b))) {
    const { literal, index, offset, isCut } = entry;
    const head = isCut ? cutHeads.words : heads.words;
    const hash = hashOf(entry);
    const end = at + wordsOf(literal);
    room.words[at + ENTRY.next] = head[hash] ?? 0;
    room.words[at + ENTRY.offset] = offset;
    room.words[at + ENTRY.literal] = index;
    room.words[at + ENTRY.length] = literal.bytes.length;
    room.words[at + ENTRY.end] = room.address + end * 4;
    head[hash] = room.address + at * 4;
    writeExpected(room.words, at + ENTRY_WORDS, literal);
    at = end;
  }
  program.words[PROGRAM.bits] = bits.address;
  program.words[PROGRAM.shift] = shift;
  program.words[PROGRAM.mask] = shape.mask;
  program.words[PROGRAM.stride] = shape.stride;
  program.words[PROGRAM.fold] = FOLD & shape.mask;
  program.words[PROGRAM.heads] = heads.address;
  program.words[PROGRAM.headShift] = headShift;
  program.words[PROGRAM.cutHeads] = cuts === 0 ? 0 : cutHeads.address;
  return program.address;
}

function tableBits(blocks: number): number {
  const wanted = Math.max(
    Math.ceil(Math.log2(blocks * BITS_A_BLOCK)),
    Math.min(Math.ceil(Math.log2(blocks * MANY_BITS_A_BLOCK)), SMALL_TABLE_BITS),
  );
  return Math.min(Math.max(wanted, MIN_TABLE_BITS), MAX_TABLE_BITS);
}

function note(bits: Int32Array, block: number, shift: number): void {
  const hash = Math.imul(block, MULTIPLIER) >>> shift;
  bits[hash >>> 5] = (bits[hash >>> 5] ?? 0) | (1 << hash);
}

/** The bytes that have the fold bit, by number. */
function unfolded(number: number): number {
  return ((number & ~0x1f) << 1) | 0x20 | (number & 0x1f);
}

function entriesOf(literals: readonly Literal[], { size, stride, cut }: Shape): Entry[] {
  return literals.flatMap((literal, index) => {
    const { bytes } = literal;
    const first = rarestOffset(bytes, size, stride, cut);
    return Array.from({ length: stride }, (_, at): Entry => {
      const offset = first + at;
      const from = Math.max(offset, 0);
      const known = Math.min(size + offset - from, bytes.length - from);
      let block = 0;
      for (let i = 0; i < known; i++)
        block |= (bytes.charCodeAt(from + i) | (FOLD & 0xff)) << (8 * i);
      return { literal, index, offset, block, isCut: known < size };
    });
  });
}

function wordsOf({ bytes }: Literal): number {
  return ENTRY_WORDS + Math.ceil(bytes.length / 8) * EIGHT_BYTES_WORDS;
}

/** For each eight bytes of a literal: these, what is set in the text's before they are compared, what counts. */
function writeExpected(words: Int32Array, from: number, { bytes, foldCase }: Literal): void {
  const put = (at: number, part: number, byte: number): void => {
    const word = from + (at >> 3) * EIGHT_BYTES_WORDS + part * 2 + ((at >> 2) & 1);
    words[word] = (words[word] ?? 0) | (byte << (8 * (at & 3)));
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.charCodeAt(at);
    put(at, 0, byte);
    if (foldCase && byte >= 0x61 && byte <= 0x7a) put(at, 1, FOLD & 0xff);
    put(at, 2, 0xff);
  }
}
