/** Decodes the inside of a JSON string. An escape that JSON does not know stands for its second character. */
import { BACKSLASH } from '../lexer/bytes.ts';
import type { Range } from './json-reader.ts';

const LETTER_U = 117;
const REPLACEMENT = 0xfffd;

/** What one character was written as; `end` is exclusive. */
export type OnUnit = (code: number, start: number, end: number) => void;

/** Calls `onByte` for bytes that stand for themselves, `onEscape` with the code point of each escape. */
export function decodeString(
  bytes: Uint8Array,
  { start, end }: Range,
  onByte: OnUnit,
  onEscape: OnUnit,
): void {
  let at = start;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte !== BACKSLASH || at + 1 >= end) {
      onByte(byte, at, at + 1);
      at += 1;
      continue;
    }
    const unit = unicodeEscape(bytes, at, end);
    if (unit < 0) {
      const next = bytes[at + 1] ?? 0;
      // The rest of a longer character stands for itself, but its first byte has to come with it.
      if (next < 0x80) onEscape(control(next), at, at + 2);
      at += next < 0x80 ? 2 : 1;
      continue;
    }
    const low = unit >= 0xd800 && unit < 0xdc00 ? unicodeEscape(bytes, at + 6, end) : -1;
    if (low >= 0xdc00 && low < 0xe000) {
      onEscape(((unit - 0xd800) << 10) + (low - 0xdc00) + 0x10000, at, at + 12);
      at += 12;
    } else {
      onEscape(unit >= 0xd800 && unit < 0xe000 ? REPLACEMENT : unit, at, at + 6);
      at += 6;
    }
  }
}

/** The text of a short ASCII string; empty for others, which are none of the words that are asked for. */
export function shortString(bytes: Uint8Array, range: Range): string {
  if (range.end - range.start > 96) return '';
  let text = '';
  const append = (code: number): void => {
    text += String.fromCharCode(code);
  };
  decodeString(bytes, range, append, append);
  return text;
}

/** The UTF-16 unit of a `\uXXXX` at `at`, or -1. */
function unicodeEscape(bytes: Uint8Array, at: number, end: number): number {
  if (at + 6 > end || bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return -1;
  let unit = 0;
  for (let digit = at + 2; digit < at + 6; digit += 1) {
    const value = hexadecimal(bytes[digit] ?? 0);
    if (value < 0) return -1;
    unit = unit * 16 + value;
  }
  return unit;
}

function hexadecimal(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function control(byte: number): number {
  switch (byte) {
    case 98:
      return 8;
    case 116:
      return 9;
    case 110:
      return 10;
    case 102:
      return 12;
    case 114:
      return 13;
    default:
      return byte;
  }
}
