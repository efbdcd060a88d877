/** Small questions about bytes. Reading past either end answers 0. */

export const TAB = 9;
export const NEWLINE = 10;
export const RETURN = 13;
const SPACE = 32;
export const BACKSLASH = 92;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const PERCENT = 37;
export const SINGLE_QUOTE = 39;
export const LESS = 60;
export const GREATER = 62;
export const QUESTION_MARK = 63;
export const BACKTICK = 96;

const WORD = wordBytes();

function isAlphanumeric(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}

function wordBytes(): Uint8Array {
  const flags = new Uint8Array(256).fill(1, 128);
  for (let byte = 0; byte < 128; byte += 1)
    if (isAlphanumeric(byte) || byte === 95 || byte === 36) flags[byte] = 1;
  return flags;
}

/** Letters, digits, `_`, `$` and every byte of a non-ASCII character. */
export function isWord(byte: number): boolean {
  return WORD[byte] === 1;
}

export function isLetter(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95;
}

/** Space or tab. */
export function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

export function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= TAB && byte <= RETURN);
}

/** Set of the bytes of ASCII characters. */
export function byteSet(characters: string): ReadonlySet<number> {
  return new Set(ascii(characters));
}

/** ASCII bytes of a delimiter. */
export function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Whether `needle` stands at `at` and ends at or before `end`. */
export function standsAt(
  bytes: Uint8Array,
  at: number,
  end: number,
  needle: Uint8Array | string,
): boolean {
  const length = needle.length;
  if (at < 0 || at + length > end) return false;
  for (let index = 0; index < length; index += 1) {
    const wanted = typeof needle === 'string' ? needle.charCodeAt(index) : needle[index];
    if (bytes[at + index] !== wanted) return false;
  }
  return true;
}

/** First offset in `[from, end)` of the delimiter, or `end`. Linear for delimiters of a few bytes. */
export function findBytes(
  bytes: Uint8Array,
  from: number,
  end: number,
  needle: Uint8Array | string,
): number {
  const first = typeof needle === 'string' ? needle.charCodeAt(0) : (needle[0] ?? 0);
  let at = bytes.indexOf(first, from);
  while (at >= 0 && at < end) {
    if (standsAt(bytes, at, end, needle)) return at;
    at = bytes.indexOf(first, at + 1);
  }
  return end;
}

/** Offset of the first newline in `[from, end)`, or `end`. */
export function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  const at = bytes.indexOf(NEWLINE, from);
  return at < 0 || at > end ? end : at;
}

/**
 * Where a line comment that begins at `from` ends: at a line feed, and also at a lone carriage return, U+2028
 * or U+2029. Python, Java, C# and JavaScript end it at some of these; a language that does not loses a
 * comment's tail to code, which hides nothing.
 */
export function commentEnd(bytes: Uint8Array, from: number, end: number): number {
  const stop = lineEnd(bytes, from, end);
  for (let at = from; at < stop; at += 1) {
    const byte = bytes[at];
    if (byte === RETURN) return at;
    const separator =
      byte === 0xe2 && bytes[at + 1] === 0x80 && ((bytes[at + 2] ?? 0) | 1) === 0xa9;
    if (separator) return at;
  }
  return stop;
}

/** Offset of the last byte before `at` that is neither space nor tab, not before `from`; `from - 1` if none. */
export function beforeBlanks(bytes: Uint8Array, at: number, from: number): number {
  let back = at - 1;
  while (back >= from && isBlank(bytes[back] ?? 0)) back -= 1;
  return back;
}

/** Whether only spaces and tabs stand between the start of the line (or `from`) and `at`. */
export function startsLine(bytes: Uint8Array, at: number, from: number): boolean {
  const back = beforeBlanks(bytes, at, from);
  return back < from || bytes[back] === NEWLINE;
}
