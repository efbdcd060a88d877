/** Reads the body of a string: escapes, holes with code, the closing delimiter. */
import { NEWLINE, RETURN, standsAt } from './bytes.ts';
import { endsHeredoc } from './heredoc.ts';
import type { CompiledHole, LexState, StringState } from './table.ts';

/** Counted delimiters are compared byte by byte, so their length is bounded. */
export const MAX_COUNT = 16;

const HASHES = new Uint8Array(MAX_COUNT).fill(35);
const NO_HASHES = new Uint8Array(0);

function hashes(string: StringState): Uint8Array {
  return string.form.counted === 'hash' ? HASHES.subarray(0, string.count) : NO_HASHES;
}

/**
 * Reads from `from`, adds the span that begins at `start`, and returns where code goes on: after the
 * string, or inside a hole of it.
 */
export function readBody(
  state: LexState,
  start: number,
  from: number,
  string: StringState,
): number {
  const { bytes, end } = state;
  const { form } = string;
  const { stops } = form;
  const oneLine = state.endsAtNewline(form);
  const marks = hashes(string);
  let at = from;
  if (form.heredoc && bytes[from - 1] === NEWLINE) {
    const stop = endsHeredoc(bytes, from, end, string);
    if (stop >= 0) at = -1 - stop;
  }
  while (at >= 0 && at < end) {
    const byte = bytes[at] ?? 0;
    if (stops[byte] === 0) {
      at += 1;
      continue;
    }
    const hole = form.holes.length === 0 ? undefined : holeAt(state, string, at);
    if (hole === 'doubled') {
      at += 2;
    } else if (hole) {
      const inside = at + hole.open.length + (form.counted === 'hash' ? string.count : 0);
      state.add(start, hole.codeDelimiters ? at : inside, 'string');
      state.enterHole(inside, string, hole);
      return inside;
    } else if (byte === form.escape && byte !== 0 && standsAt(bytes, at + 1, end, marks)) {
      at = afterEscape(bytes, at + 1 + marks.length, end, oneLine);
    } else {
      const length = closeLength(bytes, at, end, string, marks);
      if (length > 0 && !(form.doubled && bytes[at + length] === byte)) at = -1 - at - length;
      else if (length > 0) at += 2;
      else if (byte === NEWLINE && oneLine) at = -1 - beforeNewline(bytes, at, start);
      else if (byte === NEWLINE && form.heredoc) at = heredocLine(bytes, at + 1, end, string);
      else at += 1;
    }
  }
  // A negative offset is the end of the string, as -1 - end.
  const stop = at < 0 ? -1 - at : end;
  state.add(start, stop, 'string');
  if (at >= 0 && !oneLine) state.unterminated(string);
  return stop;
}

function heredocLine(bytes: Uint8Array, at: number, end: number, string: StringState): number {
  const stop = endsHeredoc(bytes, at, end, string);
  return stop < 0 ? at : -1 - stop;
}

function beforeNewline(bytes: Uint8Array, at: number, start: number): number {
  return bytes[at - 1] === RETURN && at - 1 > start ? at - 1 : at;
}

/** Passes the escaped byte; an escaped line break may be two bytes. */
function afterEscape(bytes: Uint8Array, at: number, end: number, oneLine: boolean): number {
  if (oneLine && bytes[at] === RETURN && bytes[at + 1] === NEWLINE) return Math.min(at + 2, end);
  return Math.min(at + 1, end);
}

/** Length of the closing delimiter at `at`, 0 when it is not there. */
function closeLength(
  bytes: Uint8Array,
  at: number,
  end: number,
  string: StringState,
  marks: Uint8Array,
): number {
  const { form } = string;
  const byte = bytes[at] ?? 0;
  if (string.close !== 0) {
    if (byte === string.close) {
      if (string.depth === 0) return 1;
      string.depth -= 1;
    } else if (byte === string.nest) {
      string.depth += 1;
    }
    return 0;
  }
  const { close } = form;
  if (close.length === 0 || byte !== close[0]) return 0;
  if (form.counted === 'quote') {
    for (let index = 0; index < string.count; index += 1) {
      if (at + index >= end || bytes[at + index] !== byte) return 0;
    }
    return string.count;
  }
  if (!standsAt(bytes, at, end, close) || !standsAt(bytes, at + close.length, end, marks)) return 0;
  let length = close.length + marks.length;
  if (form.greedy) {
    for (let extra = 0; extra < 2 && at + length < end && bytes[at + length] === byte; extra += 1) {
      length += 1;
    }
  }
  return length;
}

function holeAt(
  state: LexState,
  string: StringState,
  at: number,
): CompiledHole | 'doubled' | undefined {
  const { bytes, end } = state;
  for (const hole of string.form.holes) {
    if (hole.open[0] !== bytes[at]) continue;
    if (string.form.counted === 'hash') {
      // Swift: `\#(` in a string that `#"` opened.
      const mark = at + 1 + string.count;
      if (!standsAt(bytes, at + 1, end, hashes(string)) || mark >= end) continue;
      if (bytes[mark] === hole.open[1]) return hole;
      continue;
    }
    if (!standsAt(bytes, at, end, hole.open)) continue;
    if (hole.doubled && at + 1 < end && bytes[at + 1] === bytes[at]) return 'doubled';
    if (hole.before !== 0 && bytes[at + hole.open.length] !== hole.before) continue;
    return hole;
  }
  return undefined;
}
