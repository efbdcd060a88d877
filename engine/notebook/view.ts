/**
 * A notebook as the Python that runs: the sources of its code cells, one after the other and decoded, and
 * the way back from each byte to the file.
 */
import { NEWLINE } from '../lexer/bytes.ts';
import { writeCodePoint } from '../text/utf8.ts';
import { type CellSources, findCellSources } from './cells.ts';
import type { Range } from './json-reader.ts';
import { decodeString } from './json-string.ts';

/** Where a source begins in the view. */
export interface ViewPart {
  readonly start: number;
  /** Number of the cell, counted from 1 among all cells; 0 for text behind the end of the notebook. */
  readonly cell: number;
}

/** Between sources: a blank line, so that a comment that ends a cell is not above the next one's code. */
const GAP = 2;

export class NotebookView {
  /** UTF-8. */
  readonly text: Uint8Array;
  /** In order; every byte of the text belongs to one. */
  readonly parts: readonly ViewPart[];
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  /** `starts` and `ends` hold for each byte of the text the range of the file that it comes from. */
  constructor(
    text: Uint8Array,
    parts: readonly ViewPart[],
    starts: Uint32Array,
    ends: Uint32Array,
  ) {
    this.text = text;
    this.parts = parts;
    this.#starts = starts;
    this.#ends = ends;
  }

  /** Offset in the file of the character or escape at `offset` of the view; at its end the last one's end. */
  rawStart(offset: number): number {
    return this.#starts[offset] ?? this.#ends.at(-1) ?? 0;
  }

  /** Offset in the file after what stands before `end` in the view. */
  rawEnd(end: number): number {
    return this.#ends[end - 1] ?? this.rawStart(end);
  }

  /**
   * The range of the view that a range of the file stands for; undefined when that does not begin in a
   * source. JSON between two strings of a source is not in the view.
   */
  fromRaw(range: Range): Range | undefined {
    const next = this.#firstFrom(range.start);
    const begins = this.#starts[next] === range.start;
    // Else it begins within the escape or character before.
    if (!begins && range.start >= (this.#ends[next - 1] ?? 0)) return undefined;
    const start = begins ? next : next - 1;
    return { start, end: Math.max(start, this.#firstFrom(range.end)) };
  }

  /** Offset in the view of the first byte that comes from `raw` or behind it. */
  #firstFrom(raw: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) < raw) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The part that holds an offset of the view. */
  partAt(offset: number): ViewPart | undefined {
    return this.parts.findLast(({ start }) => start <= offset);
  }
}

/**
 * The view of a notebook's file, `bytes` in UTF-8; undefined when it is none, as the bare source of a cell.
 * What stands behind the notebook's object, or behind a syntax error in it, is taken over as it is.
 */
export function viewNotebook(bytes: Uint8Array): NotebookView | undefined {
  const found = findCellSources(bytes);
  return found === undefined ? undefined : build(bytes, found);
}

function build(bytes: Uint8Array, { sources, end }: CellSources): NotebookView {
  let size = bytes.length - end;
  for (const { strings } of sources) {
    size += GAP;
    for (const range of strings) size += range.end - range.start;
  }
  const text = new Uint8Array(size);
  const starts = new Uint32Array(size);
  const ends = new Uint32Array(size);
  const parts: ViewPart[] = [];
  let length = 0;
  const put = (byte: number, from: number, to: number): void => {
    text[length] = byte;
    starts[length] = from;
    ends[length] = to;
    length += 1;
  };
  const putCode = (code: number, from: number, to: number): void => {
    const next = writeCodePoint(text, length, code);
    starts.fill(from, length, next);
    ends.fill(to, length, next);
    length = next;
  };
  for (const { cell, strings } of sources) {
    parts.push({ start: length, cell });
    for (const range of strings) decodeString(bytes, range, put, putCode);
    const after = strings.at(-1)?.end ?? 0;
    for (let gap = 0; gap < GAP; gap += 1) put(NEWLINE, after, after);
  }
  if (!isBlank(bytes, end)) {
    parts.push({ start: length, cell: 0 });
    for (let at = end; at < bytes.length; at += 1) put(bytes[at] ?? 0, at, at + 1);
  }
  return new NotebookView(
    text.subarray(0, length),
    parts,
    starts.subarray(0, length),
    ends.subarray(0, length),
  );
}

function isBlank(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < bytes.length; at += 1) if ((bytes[at] ?? 0) > 32) return false;
  return true;
}
