/** Tells a `{` that opens a block of statements from one that opens a value. */
import type { LanguageId } from '../language.ts';
import { byteSet, isBlank, isWord, NEWLINE } from '../lexer/bytes.ts';
import type { StatementStyle } from './style.ts';

/** A value goes on after these. */
const BEFORE_VALUE: ReadonlySet<number> = byteSet('=([,?&|+!<]$@%#');
/** Of these, what a type, or the head of a closure, ends in: `-> [Row] {`, `: User? {`, `|row| {`. */
const BEFORE_BODY: ReadonlyMap<LanguageId | undefined, ReadonlySet<number>> = new Map([
  ['swift', byteSet(']?!')],
  ['kotlin', byteSet('?')],
  ['rust', byteSet(']|')],
  ['scala', byteSet(']')],
  ...(['javascript', 'typescript', 'jsx', 'tsx', 'vue', 'svelte', 'html'] as const).map(
    (language) => [language, byteSet(']')] as const,
  ),
]);
const VALUE_WORDS: ReadonlySet<string> = new Set(
  'return typeof in of new delete void throw yield await default const let var'.split(' '),
);
/** Bytes that are looked back over for a word before the brace. */
const REACH = 64;
const REACH_OF_LABEL = 160;
const LABEL = /^[\s}]*(?:case\b[^{]*|default\s*)$/;

/** Methods whose block is an expression, mostly. */
const MAPPED = /\.(?:map|flatMap|compactMap)$/;
const REACH_OF_MAPPED = 256;
const REACH_OF_NEW = 512;

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
  if (language === 'csharp' && byte === 41) return !endsNew(bytes, before);
  if (!isWord(byte) || byte === 36)
    return !BEFORE_VALUE.has(byte) || BEFORE_BODY.get(language)?.has(byte) === true;
  // `T{…}` is a value in Go, where a space stands before each block.
  if (language === 'go' && before === at - 1) return false;
  const words = wordsBefore(bytes, before);
  // `ids.map { _ in "?" }.joined()`
  if (MAPPED.test(words.last) && closesOnLine(bytes, at)) return false;
  // `let Point { x, y } = p;`
  if (language === 'rust' && words.other === 'let') return false;
  return !VALUE_WORDS.has(words.last) && !(language === 'csharp' && words.other === 'new');
}

/** Whether the brace at `open` closes before a line ends, with as many braces as may stand in strings. */
function closesOnLine(bytes: Uint8Array, open: number): boolean {
  let depth = 0;
  const end = Math.min(bytes.length, open + REACH_OF_MAPPED);
  for (let at = open; at < end && bytes[at] !== NEWLINE; at++) {
    if (bytes[at] === 123) depth++;
    else if (bytes[at] === 125 && --depth === 0) return true;
  }
  return false;
}

/** Whether the bracket at `close` ends `new A<B>(c)`, behind which fields of the object are set. */
function endsNew(bytes: Uint8Array, close: number): boolean {
  const open = openBefore(bytes, close);
  const last = bytes[open - 1] === 62 ? openBefore(bytes, open - 1) - 1 : open - 1;
  return open >= 0 && isWord(bytes[last] ?? 0) && wordsBefore(bytes, last).other === 'new';
}

/** Where the bracket is open that the one at `close` closes, or -1. */
function openBefore(bytes: Uint8Array, close: number): number {
  const [closing, opening] = bytes[close] === 62 ? [62, 60] : [41, 40];
  let depth = 0;
  for (let at = close; at >= Math.max(0, close - REACH_OF_NEW); at--) {
    if (bytes[at] === closing) depth++;
    else if (bytes[at] === opening && --depth === 0) return at;
  }
  return -1;
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
