/** Whether a window holds one of a few literals, by looking: for windows that are short. */
import type { Literal } from '../regex/literals.ts';
import { mayFold } from './folding.ts';

/** May be true without an occurrence where folding characters stand; never false with one. */
export function containsAny(
  text: Uint8Array,
  start: number,
  end: number,
  literals: readonly Literal[],
): boolean {
  if (mayFold(text, start, end)) return true;
  return literals.some((literal) => contains(text, start, end, literal));
}

function contains(
  text: Uint8Array,
  start: number,
  end: number,
  { bytes, foldCase }: Literal,
): boolean {
  const first = bytes.charCodeAt(0);
  const upper = foldCase ? upperOf(first) : first;
  const last = end - bytes.length;
  for (let at = start; at <= last; at++) {
    const byte = text[at];
    if ((byte === first || byte === upper) && equals(text, at, bytes, foldCase)) return true;
  }
  return false;
}

function equals(text: Uint8Array, at: number, bytes: string, foldCase: boolean): boolean {
  for (let i = 1; i < bytes.length; i++) {
    const wanted = bytes.charCodeAt(i);
    const byte = text[at + i];
    if (byte !== wanted && !(foldCase && byte === upperOf(wanted))) return false;
  }
  return true;
}

function upperOf(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}
