/** A text as the matcher sees it: one part number of the alphabet for each character. */
import type { Alphabet } from './alphabet.ts';

export interface Text {
  /** Number of characters. */
  readonly length: number;
  /** Alphabet part of each character; its own length may be larger. */
  readonly parts: Uint16Array;
  /** Byte offset of a character; of `length` too. */
  offsetOf(index: number): number;
  /** The character that begins at a byte offset, or else the first one behind it. */
  indexAt(offset: number): number;
}

/** Decodes valid UTF-8. */
export function readText(bytes: Uint8Array, alphabet: Alphabet): Text {
  const parts = new Uint16Array(bytes.length);
  let length = 0;
  let offsets: Uint32Array | undefined;
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] ?? 0;
    if (first >= 0x80 && offsets === undefined) {
      offsets = new Uint32Array(bytes.length + 1);
      for (let j = 0; j < length; j++) offsets[j] = j;
    }
    if (offsets !== undefined) offsets[length] = i;
    const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    parts[length++] = alphabet.partOf(size === 1 ? first : codePointAt(bytes, i, size));
    i += size;
  }
  if (offsets !== undefined) offsets[length] = bytes.length;
  const table = offsets;
  return {
    length,
    parts,
    offsetOf: (index) => (table === undefined ? index : (table[index] ?? bytes.length)),
    indexAt: (offset) =>
      table === undefined ? Math.min(offset, length) : firstNotBelow(table, length, offset),
  };
}

/** Of `table[0..length]`, which is sorted. */
function firstNotBelow(table: Uint32Array, length: number, offset: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  let code = (bytes[at] ?? 0) & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) code = (code << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return code;
}
