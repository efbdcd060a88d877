/** Tells a `{` that opens a block of statements from one that opens a value. */
import type { LanguageId } from '../language.ts';
import { byteSet, isBlank, isWord, NEWLINE } from '../lexer/bytes.ts';
import type { StatementStyle } from './style.ts';

/** A value goes on after these. */
const BEFORE_VALUE: ReadonlySet<number> = byteSet('=([,?&|+!<]$@%#');
const VALUE_WORDS: ReadonlySet<string> = new Set(
  'return typeof in of new delete void throw yield await default const let var'.split(' '),
);
/** Bytes that are looked back over for a word before the brace. */
const REACH = 64;
const REACH_OF_LABEL = 160;
const LABEL = /^[\s}]*(?:case\b[^{]*|default\s*)$/;

/** `before` is the last byte of code or string before the brace, or -1; `at` is the brace. */
export function opensBlock(
  bytes: Uint8Array,
  at: number,
  before: number,
  { brace, newline }: StatementStyle,
  language: LanguageId | undefined,
): boolean {
  if (brace !== 'told') return brace === 'block';
  const byte = bytes[before] ?? 0;
  if (before < 0) return true;
  // `=>`: a function's body, but in Ruby the value of a hash.
  if (byte === 62) return !(language === 'ruby' && bytes[before - 1] === 61);
  // `:` is followed by a value, where it does not end a label of `switch`.
  if (byte === 58) return newline === 'never' || endsLabel(bytes, before);
  if (!isWord(byte) || byte === 36) return !BEFORE_VALUE.has(byte);
  // `T{…}` is a value in Go, where a space stands before each block.
  if (language === 'go' && before === at - 1) return false;
  const words = wordsBefore(bytes, before);
  // `let Point { x, y } = p;`
  if (language === 'rust' && words.other === 'let') return false;
  return !VALUE_WORDS.has(words.last) && !(language === 'csharp' && words.other === 'new');
}

/** Whether the line up to its colon is `case a:`. */
function endsLabel(bytes: Uint8Array, colon: number): boolean {
  const least = Math.max(-1, colon - REACH_OF_LABEL);
  let first = colon;
  while (first - 1 > least && bytes[first - 1] !== NEWLINE) first -= 1;
  const line = String.fromCharCode(...bytes.subarray(first, colon));
  return LABEL.test(line);
}

/** The word that ends at `last`, dots and type arguments included, and the one before it. */
function wordsBefore(bytes: Uint8Array, last: number): { last: string; other: string } {
  const least = Math.max(-1, last - REACH);
  let first = last;
  while (first > least && (isWord(bytes[first] ?? 0) || bytes[first] === 46)) first -= 1;
  let end = first;
  while (end > least && isBlank(bytes[end] ?? 0)) end -= 1;
  let begin = end;
  while (begin > least && isWord(bytes[begin] ?? 0)) begin -= 1;
  return {
    last: String.fromCharCode(...bytes.subarray(first + 1, last + 1)),
    other: String.fromCharCode(...bytes.subarray(begin + 1, end + 1)),
  };
}
