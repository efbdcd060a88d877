/** Sets of literals: what a class stands for, products, unions. */
import { encodeUtf8 } from '../text/utf8.ts';
import type { Ranges } from './ast.ts';
import { KELVIN, LONG_S } from './fold.ts';
import { size } from './ranges.ts';

export interface Literal {
  /** Bytes as a string of code units below 256; ASCII letters in lower case when `foldCase`. */
  readonly bytes: string;
  /** Whether ASCII letters match in either case (and `s`, `k` also as U+017F, U+212A). */
  readonly foldCase: boolean;
}

/** More alternatives than this, or longer ones, are cut down: memory and build time stay bounded. */
const MAX_LITERALS = 256;
const MAX_PRODUCT = 64;
const MAX_LENGTH = 24;
const MAX_CLASS_MEMBERS = 4;

/** Single-character literals of a small class; undefined for a large or empty one. */
export function members(ranges: Ranges): readonly Literal[] | undefined {
  if (ranges.length === 0 || size(ranges) > MAX_CLASS_MEMBERS * 3) return undefined;
  const [only = 0] = ranges;
  // As most classes are.
  if (ranges.length === 2 && only === ranges[1] && only < 0x80)
    return [{ bytes: String.fromCharCode(only), foldCase: false }];
  const present = new Set<number>();
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    for (let code = ranges[i] ?? 0; code <= (ranges[i + 1] ?? 0); code++) present.add(code);
  }
  const literals: Literal[] = [];
  for (const code of present) {
    const lower =
      code >= 0x41 && code <= 0x5a
        ? code + 0x20
        : code === LONG_S
          ? 0x73
          : code === KELVIN
            ? 0x6b
            : code;
    const bothCases =
      lower >= 0x61 && lower <= 0x7a && present.has(lower) && present.has(lower - 0x20);
    if (bothCases && code !== lower) continue;
    // The replacement character also stands for bytes that were invalid, so it is no literal of the raw
    // text; the two folding characters are read as `s` and `k` wherever they stand.
    if (!bothCases && (code === LONG_S || code === KELVIN)) return undefined;
    if (code === 0xfffd || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    literals.push({ bytes: bytesOf(bothCases ? lower : code), foldCase: bothCases });
  }
  return literals.length > MAX_CLASS_MEMBERS ? undefined : literals;
}

function bytesOf(code: number): string {
  const text = String.fromCodePoint(code);
  return code < 0x80 ? text : String.fromCharCode(...encodeUtf8(text));
}

/** Every literal of `left` followed by every one of `right`; undefined when that is too much. */
export function cross(
  left: readonly Literal[],
  right: readonly Literal[],
): readonly Literal[] | undefined {
  if (left.length * right.length > MAX_PRODUCT) return undefined;
  const result: Literal[] = [];
  for (const a of left) {
    for (const b of right) {
      if (a.bytes.length + b.bytes.length > MAX_LENGTH) return undefined;
      result.push(join(a, b));
    }
  }
  return result;
}

function join(a: Literal, b: Literal): Literal {
  const foldCase = a.foldCase || b.foldCase;
  const bytes = a.bytes + b.bytes;
  return { bytes: foldCase ? asciiLower(bytes) : bytes, foldCase };
}

/** Undefined when a part is unknown or the union is too large. */
export function union(
  sets: readonly (readonly Literal[] | undefined)[],
): readonly Literal[] | undefined {
  const result = new Map<string, Literal>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const literal of set)
      result.set(`${literal.foldCase ? 'i' : 'c'}${literal.bytes}`, literal);
  }
  return result.size > MAX_LITERALS ? undefined : [...result.values()];
}

const CAPITAL = /[A-Z]/;
const CAPITALS = /[A-Z]/g;

/** Lower-cases ASCII letters and nothing else. */
export function asciiLower(text: string): string {
  return text.search(CAPITAL) < 0
    ? text
    : text.replace(CAPITALS, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x20));
}
