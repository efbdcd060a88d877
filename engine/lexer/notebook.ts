/**
 * Notebooks: the source lines of code cells are Python, decoded from their JSON strings and read as one
 * text; every other string is a string, and the text of other cells is a comment.
 * A cell whose `cell_type` comes after its source counts as code.
 */
import { BACKSLASH, DOUBLE_QUOTE, findBytes, isSpace, standsAt } from './bytes.ts';
import { Output } from './output.ts';
import { readRange } from './read.ts';
import { TABLES } from './tables/index.ts';

type CellType = 'code' | 'other';

export function readNotebook(bytes: Uint8Array, out: Output): void {
  if (!isNotebook(bytes)) {
    // The edit of one cell carries its bare source.
    readRange(bytes, 0, bytes.length, TABLES.python, out);
    return;
  }
  const end = bytes.length;
  // A `cell_type` counts in its own object only: one in the metadata does not make a comment of code.
  let depth = 0;
  let typed = -1;
  let cell: CellType = 'code';
  let at = 0;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte === 123) {
      depth += 1;
    } else if (byte === 125) {
      if (typed >= depth) typed = -1;
      depth -= 1;
    }
    if (byte !== DOUBLE_QUOTE) {
      at += 1;
      continue;
    }
    const stop = stringEnd(bytes, at);
    out.add(at, stop, 'string');
    const colon = skipSpace(bytes, stop);
    const value = skipSpace(bytes, colon + 1);
    if (bytes[colon] !== 58) {
      at = stop;
    } else if (standsAt(bytes, at, end, '"cell_type"')) {
      cell = standsAt(bytes, value, end, '"code"') ? 'code' : 'other';
      typed = depth;
      at = value;
    } else if (standsAt(bytes, at, end, '"source"')) {
      at = readSource(bytes, value, typed === depth ? cell : 'code', out);
    } else {
      at = value;
    }
  }
}

function isNotebook(bytes: Uint8Array): boolean {
  const { length } = bytes;
  return (
    findBytes(bytes, 0, length, '"cell_type"') < length ||
    findBytes(bytes, 0, length, '"cells"') < length ||
    findBytes(bytes, 0, length, '"source"') < length
  );
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at] ?? 0)) at += 1;
  return at;
}

/** Offset after the closing quote of the JSON string at `at`, or the newline that ends it unclosed. */
function stringEnd(bytes: Uint8Array, at: number): number {
  let mark = at + 1;
  while (mark < bytes.length) {
    const byte = bytes[mark] ?? 0;
    if (byte === DOUBLE_QUOTE) return mark + 1;
    if (byte === 10) return mark;
    mark += byte === BACKSLASH ? 2 : 1;
  }
  return bytes.length;
}

/** Reads a source, a string or an array of strings, and returns the offset after it. */
function readSource(bytes: Uint8Array, from: number, cell: CellType, out: Output): number {
  const lines: number[] = [];
  const array = bytes[from] === 91;
  const separates = (byte: number): boolean => isSpace(byte) || (array && byte === 44);
  let at = array ? from + 1 : from;
  for (;;) {
    while (at < bytes.length && separates(bytes[at] ?? 0)) at += 1;
    if (bytes[at] !== DOUBLE_QUOTE) break;
    const stop = stringEnd(bytes, at);
    if (cell === 'other') out.add(at, stop, 'comment');
    else lines.push(at, stop);
    at = stop;
    if (!array) break;
  }
  if (cell === 'code') readCode(bytes, lines, out);
  return at;
}

const ESCAPED: ReadonlyMap<number, number> = new Map([
  [110, 10],
  [116, 9],
  [114, 13],
]);

/** Decodes the strings, reads them as Python, and carries the spans back to the file's offsets. */
function readCode(bytes: Uint8Array, lines: readonly number[], out: Output): void {
  const first = lines[0] ?? 0;
  const last = lines.at(-1) ?? first;
  const text = new Uint8Array(last - first);
  const origin = new Uint32Array(last - first + 1);
  let length = 0;
  for (let index = 0; index < lines.length; index += 2) {
    const start = (lines[index] ?? 0) + 1;
    const stop = lines[index + 1] ?? start;
    const closed = stop > start && bytes[stop - 1] === DOUBLE_QUOTE;
    const end = closed ? stop - 1 : stop;
    for (let at = start; at < end; length += 1) {
      const byte = bytes[at] ?? 0;
      const next = bytes[at + 1] ?? 0;
      const escape = byte === BACKSLASH && at + 1 < end;
      origin[length] = at;
      text[length] = escape ? (ESCAPED.get(next) ?? next) : byte;
      at += escape ? 2 : 1;
      origin[length + 1] = at;
    }
  }
  const found = new Output();
  readRange(text, 0, length, TABLES.python, found);
  for (let index = 0; index < found.starts.length; index += 1) {
    const start = origin[found.starts[index] ?? 0] ?? first;
    // The end is after the last byte, not where the next string begins.
    const before = (found.ends[index] ?? 1) - 1;
    const width = (bytes[origin[before] ?? 0] ?? 0) === BACKSLASH ? 2 : 1;
    out.add(start, (origin[before] ?? first) + width, found.regions[index] ?? 'string');
  }
}
