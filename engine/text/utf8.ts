/** UTF-8 both ways, without the platform's encoder: the engine also runs where there is none. */

/** Bytes of a string; a lone surrogate becomes U+FFFD, so it can never swallow what follows. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = ((code - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
        i++;
      } else code = 0xfffd;
    }
    length = writeCodePoint(bytes, length, code);
  }
  return bytes.subarray(0, length);
}

/** Writes `code` at `at` and returns the offset after it. The caller has made room for 4 bytes. */
export function writeCodePoint(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    bytes[at] = 0xc0 | (code >> 6);
    bytes[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    bytes[at] = 0xe0 | (code >> 12);
    bytes[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    bytes[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  bytes[at] = 0xf0 | (code >> 18);
  bytes[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}

/** Arguments of one call. */
const MOST_UNITS = 4096;

/** Decodes `[start, end)` of valid UTF-8; cut code points at the edges become U+FFFD. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = '';
  for (let i = start; i < end;) {
    const from = i;
    const last = Math.min(end, i + MOST_UNITS);
    while (i < last && (bytes[i] ?? 0) < 0x80) i++;
    // Bytes as they are: much of what is read is ASCII, in processes that are too short for a loop to get fast.
    if (i > from) text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(from, i));
    const units: number[] = [];
    while (i < end && units.length < MOST_UNITS && (bytes[i] ?? 0) >= 0x80) {
      const length = sequenceLength(bytes, i, end);
      const code = length === 0 ? 0xfffd : codePointAt(bytes, i, length);
      if (code > 0xffff) units.push(0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
      else units.push(code);
      i += Math.max(length, 1);
    }
    if (units.length > 0) text += String.fromCharCode(...units);
  }
  return text;
}

function codePointAt(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] ?? 0;
  if (length === 1) return first;
  const second = (bytes[at + 1] ?? 0) & 0x3f;
  if (length === 2) return ((first & 0x1f) << 6) | second;
  const third = (bytes[at + 2] ?? 0) & 0x3f;
  if (length === 3) return ((first & 0x0f) << 12) | (second << 6) | third;
  return ((first & 0x07) << 18) | (second << 12) | (third << 6) | ((bytes[at + 3] ?? 0) & 0x3f);
}

/** Whether a byte is inside of a code point; no byte is not. */
export function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Where the code point before `offset` begins. */
export function previousCodePoint(text: Uint8Array, offset: number): number {
  let at = offset - 1;
  while (at > 0 && isContinuation(text[at])) at--;
  return at;
}

/** Where the code point after the one at `offset` begins; the text's length at its end and beyond. */
export function nextCodePoint(text: Uint8Array, offset: number): number {
  let at = offset + 1;
  while (at < text.length && isContinuation(text[at])) at++;
  return Math.min(at, text.length);
}

/** Length of the well-formed sequence at `at`, or 0 (Unicode table 3-7: no overlong forms, no surrogates). */
export function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = 2; i < length; i++) if (!isContinuation(bytes[at + i])) return 0;
  return length;
}
