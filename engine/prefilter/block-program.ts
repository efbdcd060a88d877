/** Writes the tables of one search by blocks into a kernel's memory, as `program.ts` has them. */
import type { Literal } from '../regex/literals.ts';
import { CLASS_BYTES } from '../match/trace-code.ts';
import { BlockSearch } from './block-search.ts';
import { type Kernel, MAX_LITERAL_BYTES, MOST_AT_ONE_PLACE } from './kernel.ts';
import {
  CUT_HEADS_BYTES,
  CUT_SHIFT,
  EIGHT_BYTES_WORDS,
  ENTRY,
  ENTRY_WORDS,
  LONG_MULTIPLIER,
  MULTIPLIER,
  PROGRAM,
  PROGRAM_WORDS,
  STRIDE,
} from './program.ts';
import { rarestOffset } from './rarest.ts';

/** Shorter literals would fill the table. */
const MIN_LENGTH = 2;

interface Shape {
  /** Bytes of a block. */
  readonly size: number;
  /** Bytes of a block that may be those behind the literal. */
  readonly cut: number;
  readonly hashOf: (block: bigint) => number;
}
const SHORT: Shape = {
  size: 3,
  cut: 1,
  hashOf: (block) => Math.imul(Number(block), MULTIPLIER) >>> 0,
};
/** Of literals that are long enough to have such a block at two neighbouring places. */
const LONG: Shape = {
  size: 6,
  cut: 0,
  hashOf: (block) => Number(BigInt.asUintN(64, block * LONG_MULTIPLIER) >> 32n),
};
const LONG_LENGTH: number = LONG.size + STRIDE - 1;

/** Bits of the table for each block in it: the more, the fewer places pass by chance. */
const BITS_A_BLOCK = 64;
/** Where that is still a small table: 8 KiB stay in a processor's nearest memory. */
const MANY_BITS_A_BLOCK = 1024;
const SMALL_TABLE_BITS = 16;
const MIN_TABLE_BITS = 12;
const MAX_TABLE_BITS = 20;
const MIN_HEAD_BITS = 4;
/** The bit that lower-case letters have and capitals have not. */
const FOLD_BIT = 0x20;
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
  readonly block: bigint;
  readonly isCut: boolean;
}

interface Table {
  readonly bits: number;
  readonly shift: number;
  readonly heads: number;
  readonly headShift: number;
  /** 0 where no block is cut. */
  readonly cutHeads: number;
}

/** Whose the literals are, and what stands around them; as the words of `PROGRAM` with these names. */
export interface FollowTables {
  readonly starts: Uint32Array;
  readonly plans: Uint32Array;
  readonly traces: Uint32Array;
  readonly code: Uint32Array;
  readonly classes: Uint8Array;
  readonly backFirst: Uint8Array;
  /** Index of a class. */
  readonly word: number;
}

const FOLLOW_TABLES = ['starts', 'plans', 'traces', 'code', 'classes', 'backFirst'] as const;

/**
 * Undefined when the kernel is full, or a literal has less than two bytes or more than 256. Only a search that is given
 * `follow` can tell of plans.
 */
export function writeBlocks(
  literals: readonly Literal[],
  kernel: Kernel,
  follow?: FollowTables,
): BlockSearch | undefined {
  const program = writeProgram(literals, kernel, follow);
  const all = kernel.add(new Uint8Array(literals.length).fill(1));
  if (program === undefined || all === undefined) return undefined;
  const folds = literals.map(({ foldCase }) => (foldCase ? 1 : 0));
  return new BlockSearch(kernel, { program, all, folds });
}

/** The program's address, or undefined when there is no room, or a literal is too short or too long. */
function writeProgram(
  literals: readonly Literal[],
  kernel: Kernel,
  follow?: FollowTables,
): number | undefined {
  const lengths = literals.map(({ bytes }) => bytes.length);
  if (lengths.some((length) => length < MIN_LENGTH || length > MAX_LITERAL_BYTES)) return undefined;
  const program = kernel.allocate(PROGRAM_WORDS * 4);
  const entries = (isLong: boolean): Entry[] =>
    entriesOf(
      literals,
      isLong ? LONG : SHORT,
      ({ bytes }) => bytes.length >= LONG_LENGTH === isLong,
    );
  const short = writeTable(entries(false), SHORT, kernel);
  const long = writeTable(entries(true), LONG, kernel);
  if (!program || !short || !long) return undefined;
  program.words[PROGRAM.shortBits] = short.bits;
  program.words[PROGRAM.shortShift] = short.shift;
  program.words[PROGRAM.shortHeads] = short.heads;
  program.words[PROGRAM.shortHeadShift] = short.headShift;
  program.words[PROGRAM.cutHeads] = short.cutHeads;
  program.words[PROGRAM.longBits] = long.bits;
  program.words[PROGRAM.longShift] = long.shift;
  program.words[PROGRAM.longHeads] = long.heads;
  program.words[PROGRAM.longHeadShift] = long.headShift;
  if (follow === undefined) return program.address;
  // Each literal has a block at so many offsets.
  if (follow.plans.length * STRIDE > MOST_AT_ONE_PLACE) return undefined;
  for (const name of FOLLOW_TABLES) {
    const { buffer, byteOffset, byteLength } = follow[name];
    const address = kernel.add(new Uint8Array(buffer, byteOffset, byteLength));
    if (address === undefined) return undefined;
    program.words[PROGRAM[name]] = address;
  }
  program.words[PROGRAM.word] = (program.words[PROGRAM.classes] ?? 0) + follow.word * CLASS_BYTES;
  return program.address;
}

function writeTable(entries: Entry[], shape: Shape, kernel: Kernel): Table | undefined {
  const cuts = entries.filter(({ isCut }) => isCut).length;
  const wholes = entries.length - cuts;
  const shift = 32 - tableBits(Math.max(1, wholes + cuts * FOLDED_BYTES));
  const headShift = 32 - Math.max(MIN_HEAD_BITS, Math.ceil(Math.log2(wholes + 1)));
  const words = entries.reduce((sum, { literal }) => sum + wordsOf(literal), 0);
  const bits = kernel.allocate((1 << (32 - shift)) >> 3);
  const heads = kernel.allocate(4 << (32 - headShift));
  const cutHeads = kernel.allocate(cuts === 0 ? 0 : 2 * CUT_HEADS_BYTES);
  const room = kernel.allocate(words * 4);
  if (!bits || !heads || !cutHeads || !room) return undefined;

  const note = (block: bigint): void => {
    const hash = shape.hashOf(block) >>> shift;
    bits.words[hash >>> 5] = (bits.words[hash >>> 5] ?? 0) | (1 << hash);
  };
  const last = BigInt(8 * (shape.size - 1));
  for (const { block, offset, isCut } of entries) {
    if (!isCut) note(block);
    else
      for (let number = 0; number < FOLDED_BYTES; number++) {
        const byte = BigInt(unfolded(number));
        note(offset < 0 ? (block << 8n) | byte : block | (byte << last));
      }
  }
  let at = 0;
  const headOf = ({ block, isCut, offset }: Entry): number =>
    (shape.hashOf(block) >>> (isCut ? CUT_SHIFT : headShift)) +
    (offset < 0 ? CUT_HEADS_BYTES / 4 : 0);
  // Those of a hash one behind the other, as they are read.
  for (const entry of entries.sort((a, b) => headOf(a) - headOf(b))) {
    const { literal, index, offset, isCut } = entry;
    const table = isCut ? cutHeads.words : heads.words;
    const head = headOf(entry);
    const end = at + wordsOf(literal);
    room.words[at + ENTRY.next] = table[head] ?? 0;
    room.words[at + ENTRY.offset] = offset;
    room.words[at + ENTRY.literal] = index;
    room.words[at + ENTRY.length] = literal.bytes.length;
    room.words[at + ENTRY.end] = room.address + end * 4;
    table[head] = room.address + at * 4;
    writeExpected(room.words, at + ENTRY_WORDS, literal);
    at = end;
  }
  return {
    bits: bits.address,
    shift,
    heads: heads.address,
    headShift,
    cutHeads: cuts === 0 ? 0 : cutHeads.address,
  };
}

function tableBits(blocks: number): number {
  const wanted = Math.max(
    Math.ceil(Math.log2(blocks * BITS_A_BLOCK)),
    Math.min(Math.ceil(Math.log2(blocks * MANY_BITS_A_BLOCK)), SMALL_TABLE_BITS),
  );
  return Math.min(Math.max(wanted, MIN_TABLE_BITS), MAX_TABLE_BITS);
}

/** The bytes that have the fold bit, by number. */
function unfolded(number: number): number {
  return ((number & ~0x1f) << 1) | FOLD_BIT | (number & 0x1f);
}

function entriesOf(
  literals: readonly Literal[],
  { size, cut }: Shape,
  isOne: (literal: Literal) => boolean,
): Entry[] {
  return literals.flatMap((literal, index) => {
    if (!isOne(literal)) return [];
    const { bytes } = literal;
    const first = rarestOffset(bytes, size, STRIDE, cut);
    return Array.from({ length: STRIDE }, (_, at): Entry => {
      const offset = first + at;
      const from = Math.max(offset, 0);
      const known = Math.min(size + offset - from, bytes.length - from);
      let block = 0n;
      for (let i = 0; i < known; i++)
        block |= BigInt(bytes.charCodeAt(from + i) | FOLD_BIT) << BigInt(8 * i);
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
    if (foldCase && byte >= 0x61 && byte <= 0x7a) put(at, 1, FOLD_BIT);
    put(at, 2, 0xff);
  }
}
