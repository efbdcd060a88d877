/** Whether a window holds one of a few literals, by looking: for windows that are short, or few. */
import type { Literal } from '../regex/literals.ts';
import { rarity } from '../regex/rarity.ts';
import { mayFold } from './folding.ts';

/** May be true without an occurrence where folding characters stand; never false with one. */
export function containsAny(
  text: Uint8Array,
  start: number,
  end: number,
  literals: readonly Literal[],
): boolean {
  const found =
    end - start < MANY_BYTES
      ? literals.some((literal) => contains(text, start, end, literal))
      : containsOneOf(text, start, end, literals);
  return found || (literals.some(({ foldCase }) => foldCase) && mayFold(text, start, end));
}

/** In so many bytes all literals are looked for at once. */
const MANY_BYTES = 256;

function contains(text: Uint8Array, start: number, end: number, literal: Literal): boolean {
  const { bytes, foldCase } = literal;
  const first = bytes.charCodeAt(0);
  const upper = foldCase ? upperOf(first) : first;
  const last = end - bytes.length;
  for (let at = start; at <= last; at++) {
    const byte = text[at];
    if ((byte === first || byte === upper) && equals(text, at, literal)) return true;
  }
  return false;
}

/** A literal, and where its rarest byte is in it. */
interface Sought {
  readonly literal: Literal;
  readonly offset: number;
}

/** Looks at each byte once, and at a literal where its rarest byte is met. */
function containsOneOf(
  text: Uint8Array,
  start: number,
  end: number,
  literals: readonly Literal[],
): boolean {
  const sought = new Map<number, Sought[]>();
  const isByte = new Uint8Array(256);
  for (const literal of literals) {
    const offset = rarestByte(literal.bytes);
    const byte = literal.bytes.charCodeAt(offset);
    for (const each of new Set([byte, literal.foldCase ? upperOf(byte) : byte])) {
      isByte[each] = 1;
      sought.set(each, [...(sought.get(each) ?? []), { literal, offset }]);
    }
  }
  for (let at = start; at < end; at++) {
    const byte = text[at] as number;
    if (isByte[byte] === 0) continue;
    for (const { literal, offset } of sought.get(byte) ?? []) {
      const from = at - offset;
      if (from < start || from + literal.bytes.length > end) continue;
      if (equals(text, from, literal)) return true;
    }
  }
  return false;
}

function rarestByte(bytes: string): number {
  let best = 0;
  let most = -Infinity;
  for (let at = 0; at < bytes.length; at++) {
    const bits = rarity(bytes, at, at + 1);
    if (bits <= most) continue;
    most = bits;
    best = at;
  }
  return best;
}

function equals(text: Uint8Array, at: number, { bytes, foldCase }: Literal): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const wanted = bytes.charCodeAt(i);
    const byte = text[at + i];
    if (byte !== wanted && !(foldCase && byte === upperOf(wanted))) return false;
  }
  return true;
}

function upperOf(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}
