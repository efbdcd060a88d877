/** How rare a literal is in source code, as a chain of pairs of bytes: P(abc) = P(ab) P(bc) / P(b). */
import { KINDS, PAIRS } from './byte-pairs.ts';

const KIND_COUNT: number = KINDS.length;

/** Bits of a pair, by the kind of its first byte and that of its second. */
const PAIR_BITS: Float64Array = pairBits();
/** Bits of a single byte, by its kind. */
const SINGLE_BITS: Float64Array = singleBits();
const KIND_OF: Uint8Array = kinds();

/** Upper case where the pairs know no case: most letters are lower. */
const CAPITAL_BITS = 1.5;
/** What the other bits say of a byte that is one of many. */
const OTHER_BITS = 4;

/** Bits of information in `bytes` from `start` to `end`: in 2^n places of code they are met once. */
export function rarity(bytes: string, start = 0, end: number = bytes.length): number {
  let bits = 0;
  let before = -1;
  for (let at = start; at < end; at++) {
    const code = bytes.charCodeAt(at);
    const kind = KIND_OF[code] ?? KIND_COUNT - 1;
    bits +=
      before < 0
        ? (SINGLE_BITS[kind] ?? 0)
        : (PAIR_BITS[before * KIND_COUNT + kind] ?? 0) - (SINGLE_BITS[before] ?? 0);
    if (kind === KIND_COUNT - 1) bits += OTHER_BITS;
    before = kind;
  }
  return bits;
}

/** Bits that the capitals of a literal add. */
export function capitalBits(bytes: string): number {
  return /[A-Z]/.test(bytes) ? CAPITAL_BITS : 0;
}

/** Plain loops over codes: every short process waits for this, with code that was never run before. */
function pairBits(): Float64Array {
  const bits = new Float64Array(KIND_COUNT * KIND_COUNT);
  let at = 0;
  for (const row of PAIRS)
    for (let i = 0; i < KIND_COUNT; i++) {
      const digit = row.charCodeAt(i);
      bits[at++] = digit < 0x61 ? digit - 0x30 : digit - 0x57;
    }
  return bits;
}

function singleBits(): Float64Array {
  const bits = new Float64Array(KIND_COUNT);
  for (let kind = 0; kind < KIND_COUNT; kind++) {
    let sum = 0;
    for (let i = 0; i < KIND_COUNT; i++) sum += 2 ** -(PAIR_BITS[kind * KIND_COUNT + i] ?? 0);
    bits[kind] = -Math.log2(sum);
  }
  return bits;
}

function kinds(): Uint8Array {
  const table = new Uint8Array(256).fill(KIND_COUNT - 1);
  for (let kind = 0; kind < KIND_COUNT - 1; kind++) table[KINDS.charCodeAt(kind)] = kind;
  for (let letter = 0; letter < 26; letter++) table[0x41 + letter] = letter;
  table.fill(KINDS.indexOf('0'), 0x30, 0x3a);
  table[0x09] = KINDS.indexOf(' ');
  table[0x0d] = KINDS.indexOf('\n');
  return table;
}
