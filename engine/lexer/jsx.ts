/** JSX: between tags there is text, in which quotes and slashes mean nothing; all of it counts as code. */
import { isBlank, isLetter, isWord, standsAt, findBytes, commentEnd } from './bytes.ts';
import { compileForm, plainString } from './table.ts';
import type { Frame, LexState, StringState } from './table.ts';

const ATTRIBUTES: readonly (readonly [number, StringState])[] = [
  [34, plainString(compileForm({ close: '"', multiline: true }))],
  [39, plainString(compileForm({ close: "'", multiline: true }))],
];

/** Whether the `<` at `at`, where an expression may begin, opens an element and not type parameters. */
export function opensElement(bytes: Uint8Array, at: number, end: number): boolean {
  let mark = at + 1;
  if (bytes[mark] === 62) return true;
  if (!isLetter(bytes[mark] ?? 0)) return false;
  const limit = Math.min(end, at + 64);
  while (mark < limit && isWord(bytes[mark] ?? 0)) mark += 1;
  while (mark < limit && isBlank(bytes[mark] ?? 0)) mark += 1;
  return bytes[mark] !== 44 && !standsAt(bytes, mark, end, 'extends ');
}

/** Reads on in the element of `frame` until it ends (`depth` 0) or code in braces begins. */
export function readJsx(state: LexState, frame: Frame, from: number): number {
  const { bytes, end } = state;
  let at = from;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte === 123) {
      state.enterBrace(at + 1);
      return at + 1;
    }
    if (!frame.inTag) {
      at += 1;
      if (byte === 60) openTag(bytes, at, frame);
      continue;
    }
    if (byte === 34 || byte === 39) {
      const string = ATTRIBUTES[byte === 34 ? 0 : 1]?.[1];
      at = string ? state.body(at, at + 1, string) : at + 1;
      continue;
    }
    if (byte === 47) {
      const next = slash(state, frame, at);
      if (frame.depth === 0) return next;
      at = next;
      continue;
    }
    at += 1;
    if (byte === 62) {
      frame.inTag = false;
      if (frame.closingTag) frame.depth -= 1;
      frame.closingTag = false;
      if (frame.depth <= 0) {
        frame.depth = 0;
        return at;
      }
    }
  }
  return end;
}

function openTag(bytes: Uint8Array, at: number, frame: Frame): void {
  const next = bytes[at] ?? 0;
  if (next === 47) {
    frame.inTag = true;
    frame.closingTag = true;
  } else if (isLetter(next) || next === 62) {
    frame.inTag = true;
    frame.depth += 1;
  }
}

/** A `/` in a tag: the end of an empty element, or a comment between attributes. */
function slash(state: LexState, frame: Frame, at: number): number {
  const { bytes, end } = state;
  const next = bytes[at + 1] ?? 0;
  if (next === 62 && !frame.closingTag) {
    frame.inTag = false;
    frame.depth -= 1;
    return at + 2;
  }
  if (next !== 47 && next !== 42) return at + 1;
  const stop =
    next === 47
      ? commentEnd(bytes, at, end)
      : Math.min(end, findBytes(bytes, at + 2, end, '*/') + 2);
  state.add(at, stop, 'comment');
  return stop;
}
