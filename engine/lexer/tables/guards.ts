/** Conditions on openers: what has to stand around a delimiter for it to begin something. */
import { beforeBlanks, isBlank, isSpace, isWord, NEWLINE, RETURN, startsLine } from '../bytes.ts';
import type { Guard } from '../table.ts';

/** At the very start of the text, as a shebang. */
export const atStart: Guard = (_bytes, at) => at === 0;

/** First on its line but for blanks. */
export const firstOnLine: Guard = (bytes, at, from) => startsLine(bytes, at, from);

/** In the first column. */
export const inFirstColumn: Guard = (bytes, at, from) => at === from || bytes[at - 1] === NEWLINE;

/** After a space or at the start of a line. */
export const afterSpace: Guard = (bytes, at, from) => at === from || isSpace(bytes[at - 1] ?? 0);

/** Shell: after a space, or what separates commands. */
export const afterSeparator: Guard = (bytes, at, from) =>
  afterSpace(bytes, at, from, at) || oneOf(bytes[at - 1] ?? 0, ';()|&`');

/** CSS `//`: not in `url(//host)` or `https://host`. */
export const afterSpaceOrBrace: Guard = (bytes, at, from) =>
  afterSpace(bytes, at, from, at) || oneOf(bytes[at - 1] ?? 0, ';{}');

/** Where a value begins in YAML: after an indicator or at the start of a line. */
export const atYamlValue: Guard = (bytes, at, from) => {
  const back = beforeBlanks(bytes, at, from);
  return back < from || oneOf(bytes[back] ?? 0, '\n:-[{,?');
};

/** Where a value begins in `key = value`. */
export const atIniValue: Guard = (bytes, at, from) => {
  const back = beforeBlanks(bytes, at, from);
  return back >= from && oneOf(bytes[back] ?? 0, '=:');
};

/** C++ `1'000`: between digits, where no character literal begins. */
export const notDigitSeparator: Guard = (bytes, at, from, end) => {
  const inNumber = at > from && isHexadecimal(bytes[at - 1] ?? 0);
  return !(inNumber && at + 2 < end && isHexadecimal(bytes[at + 1] ?? 0) && bytes[at + 2] !== 39);
};

/** PHP `#[Attribute]` is code. */
export const notAttribute: Guard = (bytes, at) => bytes[at + 1] !== 91;

/** Make's `\#`. */
export const notEscaped: Guard = (bytes, at) => bytes[at - 1] !== 92;

/** PowerShell here-string: nothing but blanks after its opening delimiter. */
export const endsLineAfterTwo: Guard = (bytes, at, _from, end) => {
  let mark = at + 2;
  while (mark < end && isBlank(bytes[mark] ?? 0)) mark += 1;
  return mark >= end || bytes[mark] === NEWLINE || bytes[mark] === RETURN;
};

/** After a word without a space: an interpolator, as in Scala's `s"…"`. */
export const afterWord: Guard = (bytes, at, from) => at > from && isWord(bytes[at - 1] ?? 0);

/** Python: up to three prefix letters, one of them f or t. */
export const afterFormatPrefix: Guard = (bytes, at, from) => {
  let back = at - 1;
  let format = false;
  while (back >= from && at - back <= 3 && oneOf(bytes[back] ?? 0, 'rRbBuUfFtT')) {
    format ||= oneOf(bytes[back] ?? 0, 'fFtT');
    back -= 1;
  }
  return format && (back < from || !isWord(bytes[back] ?? 0));
};

export function oneOf(byte: number, characters: string): boolean {
  return byte !== 0 && characters.includes(String.fromCharCode(byte));
}

function isHexadecimal(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);
}
