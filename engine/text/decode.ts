/**
 * Any bytes to valid UTF-8. RE2 skips over invalid sequences, which would let a stray byte hide a match,
 * so each invalid byte becomes U+FFFD first. UTF-16 is decoded when a byte order mark announces it.
 */
import { sequenceLength, writeCodePoint } from './utf8.ts';

/** Returns `bytes` itself (or a view of it) when it is valid UTF-8 already. A byte order mark is dropped. */
export function decodeText(bytes: Uint8Array): Uint8Array {
  if (isUtf16(bytes)) return decodeUtf16(bytes, bytes[0] === 0xff);
  const body =
    bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const invalid = firstInvalid(body, 0);
  return invalid < 0 ? body : repair(body, invalid);
}

/** True for a UTF-16 byte order mark of either endianness. */
export function isUtf16(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 2 &&
    ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
  );
}

function firstInvalid(bytes: Uint8Array, from: number): number {
  const end = bytes.length;
  for (let i = from; i < end;) {
    if ((bytes[i] ?? 0) < 0x80) {
      i++;
      continue;
    }
    const length = sequenceLength(bytes, i, end);
    if (length === 0) return i;
    i += length;
  }
  return -1;
}

function repair(bytes: Uint8Array, firstBad: number): Uint8Array {
  let bad = 0;
  for (let i = firstBad; i >= 0; i = firstInvalid(bytes, i + 1)) bad++;
  const result = new Uint8Array(bytes.length + bad * 2);
  let from = 0;
  let to = 0;
  for (let i = firstBad; i >= 0; i = firstInvalid(bytes, i + 1)) {
    result.set(bytes.subarray(from, i), to);
    to = writeCodePoint(result, to + (i - from), 0xfffd);
    from = i + 1;
  }
  result.set(bytes.subarray(from), to);
  return result;
}

function decodeUtf16(bytes: Uint8Array, littleEndian: boolean): Uint8Array {
  const high = littleEndian ? 1 : 0;
  const unit = (at: number): number => ((bytes[at + high] ?? 0) << 8) | (bytes[at + 1 - high] ?? 0);
  const result = new Uint8Array(Math.ceil(bytes.length / 2) * 3);
  let to = 0;
  for (let i = 2; i + 1 < bytes.length; i += 2) {
    let code = unit(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 && i + 3 < bytes.length ? unit(i + 2) : 0;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = ((code - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
        i += 2;
      } else code = 0xfffd;
    }
    to = writeCodePoint(result, to, code);
  }
  if (bytes.length % 2 === 1) to = writeCodePoint(result, to, 0xfffd);
  return result.subarray(0, to);
}
