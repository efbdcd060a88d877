/**
 * Tells expressions that are put together from literals alone. What is neither a string without
 * interpolation, nor a number, an operator, a bracket, or a constant of the language, varies.
 */
import type { LanguageId } from '../language.ts';
import { byteSet, isLetter, isWord } from '../lexer/bytes.ts';
import { spanIndexAt, type Spans } from '../lexer/spans.ts';
import type { ByteRange } from '../re2/instance.ts';

const CONSTANTS: ReadonlySet<string> = new Set(
  (
    'None True False Ellipsis null true false undefined nil NULL nullptr TRUE FALSE YES NO NaN Infinity ' +
    '__FILE__ __LINE__ __DIR__ __dirname __filename PHP_EOL DIRECTORY_SEPARATOR and or not'
  ).split(' '),
);

/** Here a bare word is text, and only what is expanded varies. */
const TEXTUAL: ReadonlySet<LanguageId | undefined> = new Set<LanguageId>(
  'shell powershell dockerfile makefile yaml json toml ini xml css markdown'.split(
    ' ',
  ) as LanguageId[],
);
/** Quotes of one kind keep `$` from being expanded. */
const RAW_SINGLE: ReadonlySet<LanguageId | undefined> = new Set([
  'shell',
  'powershell',
  'php',
] as const);
/** `$name` in a string is a variable, and no part of the string to the lexer. */
const DOLLAR_IN_STRINGS: ReadonlySet<LanguageId | undefined> = new Set(['php', 'kotlin'] as const);

const QUOTE = 39;
const DOLLAR = 36;
const LONGEST_PREFIX = 3;
/** A string with a prefix begins with one of these. */
const PREFIXED: ReadonlySet<number> = byteSet('"\'#');

/** Whether the expression at `range` is constant; one of blanks alone is. */
export function isConstant(
  bytes: Uint8Array,
  spans: Spans,
  range: ByteRange,
  language: LanguageId | undefined,
): boolean {
  const isTextual = TEXTUAL.has(language);
  const varies = isTextual ? hasExpansion : hasVariable(spans, language);
  let at = range.start;
  for (let index = Math.max(0, spanIndexAt(spans, at)); at < range.end; index++) {
    const start = Math.min(range.end, spans.starts[index] ?? range.end);
    if (at < start && varies(bytes, at, start)) return false;
    const end = Math.min(range.end, spans.ends[index] ?? range.end);
    if (
      spans.regions[index] === 'string' &&
      (isTextual || DOLLAR_IN_STRINGS.has(language)) &&
      !(RAW_SINGLE.has(language) && bytes[spans.starts[index] ?? 0] === QUOTE) &&
      hasExpansion(bytes, Math.max(at, start), end)
    )
      return false;
    at = Math.max(at, end);
  }
  return true;
}

type Varies = (bytes: Uint8Array, from: number, to: number) => boolean;

/** `$name`, `${…}`, `$(…)`, `{{…}}`, `` `…` ``. */
const hasExpansion: Varies = (bytes, from, to) => {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const next = at + 1 < to ? (bytes[at + 1] ?? 0) : 0;
    if (byte === 92) at++;
    else if (byte === 96 || (byte === 123 && next === 123)) return true;
    else if (byte === DOLLAR && (isLetter(next) || next === 123 || next === 40 || isDigit(next)))
      return true;
  }
  return false;
};

function hasVariable(spans: Spans, language: LanguageId | undefined): Varies {
  return (bytes, from, to) => {
    for (let at = from; at < to; at++) {
      if (!isWord(bytes[at] ?? 0)) continue;
      let end = at + 1;
      while (end < to && isWord(bytes[end] ?? 0)) end++;
      if (!isDigit(bytes[at] ?? 0) && !isFixed(bytes, spans, at, end, language)) return true;
      at = end - 1;
    }
    return false;
  };
}

/** Whether the word is a constant, a prefix such as `b` of a string, or the name of an argument or a key. */
function isFixed(
  bytes: Uint8Array,
  spans: Spans,
  start: number,
  end: number,
  language: LanguageId | undefined,
): boolean {
  const length = end - start;
  if (length <= 32 && CONSTANTS.has(String.fromCharCode(...bytes.subarray(start, end))))
    return true;
  if (
    length <= LONGEST_PREFIX &&
    PREFIXED.has(bytes[end] ?? 0) &&
    spans.starts[spanIndexAt(spans, end)] === end
  )
    return true;
  // Ruby's `:name`.
  if (language === 'ruby' && bytes[start - 1] === 58 && bytes[start - 2] !== 58) return true;
  let after = end;
  while (bytes[after] === 32) after++;
  const next = bytes[after + 1];
  if (bytes[after] === 61) return next !== 61 && next !== 62 && next !== 126;
  return bytes[after] === 58 && next !== 58 && next !== 61;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
