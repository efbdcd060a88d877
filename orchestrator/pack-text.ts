/** Text on its way into a prompt: what cannot be seen is written out, and size is bytes of UTF-8. */

/** Written out as `⟦U+202E⟧`; so is the bracket itself, which makes the way back exact. */
const OPEN = '⟦';
const CLOSE = '⟧';

/**
 * Makes control characters, bidirectional marks, invisible characters and line ends visible: they can make
 * code read differently to a person, to a model and to a compiler. Tabs stay.
 */
export function visible(text: string): string {
  let result = '';
  let done = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.codePointAt(i) ?? 0;
    const units = code > 0xffff ? 2 : 1;
    if (isHidden(code)) {
      result += `${text.slice(done, i)}${OPEN}U+${code.toString(16).toUpperCase().padStart(4, '0')}${CLOSE}`;
      done = i + units;
    }
    i += units - 1;
  }
  return done === 0 ? text : result + text.slice(done);
}

/** Turns `visible` back; what it did not write stays as it is. */
export function unvisible(text: string): string {
  let result = '';
  let done = 0;
  for (let at = text.indexOf(OPEN); at >= 0; at = text.indexOf(OPEN, at + 1)) {
    const digits = /^⟦U\+([0-9A-F]{4,6})⟧/.exec(text.slice(at, at + 10))?.[1];
    if (digits === undefined) continue;
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) continue;
    result += text.slice(done, at) + String.fromCodePoint(code);
    done = at + digits.length + 4;
  }
  return result + text.slice(done);
}

function isHidden(code: number): boolean {
  if (code < 0x7f) return code < 0x20 && code !== 0x09;
  if (code < 0xa0) return true;
  if (code < 0x0300) return code === 0xad;
  return (
    code === 0x034f ||
    code === 0x061c ||
    code === 0x115f ||
    code === 0x1160 ||
    code === 0x180e ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x27e6 ||
    code === 0x3164 ||
    (code >= 0xd800 && code <= 0xdfff) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

/** Bytes that a text takes in UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** The longest beginning of `text` that takes at most `most` bytes; no code point is cut. */
export function firstBytes(text: string, most: number): string {
  if (text.length * 3 <= most) return text;
  let bytes = 0;
  for (let i = 0; i < text.length;) {
    const code = text.codePointAt(i) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > most) return text.slice(0, i);
    i += code > 0xffff ? 2 : 1;
  }
  return text;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
