/**
 * Entries of YAML: of a mapping or of a list, each with all that is indented below it. The lines of a block
 * scalar, and those that continue a value, belong to the entry that they are the value of.
 */
import { byteSet, HASH, isBlank, lineEnd, NEWLINE, RETURN } from '../lexer/bytes.ts';
import { regionAt, type Spans } from '../lexer/spans.ts';
import type { ByteRange } from '../re2/instance.ts';

const DASH = 45;
const COLON = 58;
const MODIFIERS: ReadonlySet<number> = byteSet('+-123456789');

interface Entry {
  /** Offset of its first byte that is no blank. */
  readonly start: number;
  readonly column: number;
  end: number;
}

export class YamlEntries {
  /** The entry that each line belongs to, by the line's offset. */
  private readonly lines: { readonly from: number; readonly entry: Entry }[] = [];

  constructor(bytes: Uint8Array, spans: Spans) {
    const open: Entry[] = [];
    let scalar: { readonly entry: Entry; readonly column: number } | undefined;
    let last = 0;
    const close = (): void => {
      const entry = open.pop();
      if (entry !== undefined) entry.end = last;
    };
    for (let from = 0; from < bytes.length;) {
      const end = lineEnd(bytes, from, bytes.length);
      const start = firstByte(bytes, from, end);
      const column = start - from;
      if (scalar !== undefined && (start === end || column > scalar.column)) {
        this.lines.push({ from, entry: scalar.entry });
        if (start < end) last = end;
      } else if (start < end && regionAt(spans, start) !== 'comment') {
        scalar = undefined;
        while (isOver(bytes, open.at(-1), start, column)) close();
        let entry = open.at(-1);
        if (entry === undefined || beginsEntry(bytes, start, end)) {
          entry = { start, column, end };
          open.push(entry);
        }
        this.lines.push({ from, entry });
        if (opensScalar(bytes, start, end))
          scalar = { entry, column: keyStart(bytes, start, end) - from };
        last = end;
      }
      from = end + 1;
    }
    while (open.length > 0) close();
  }

  /** What an entry holds is no code. */
  *upwards(): Generator<ByteRange> {}

  /** From the start of the entry that holds `from` to its end, or to `to` where that is later. */
  around(from: number, to: number): ByteRange | undefined {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.lines[middle]?.from ?? 0) <= from) low = middle + 1;
      else high = middle;
    }
    const entry = this.lines[low - 1]?.entry;
    if (entry === undefined || from > entry.end) return undefined;
    return { start: Math.min(from, entry.start), end: Math.max(to, entry.end) };
  }
}

function firstByte(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (isBlank(bytes[at] ?? 0) || bytes[at] === RETURN)) at++;
  return at;
}

/** Whether `entry` ends before one that begins at `start`: a list may stand as far left as its key. */
function isOver(
  bytes: Uint8Array,
  entry: Entry | undefined,
  start: number,
  column: number,
): boolean {
  if (entry === undefined || entry.column < column) return false;
  return entry.column > column || isDash(bytes, entry.start) || !isDash(bytes, start);
}

function isDash(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === DASH && endsToken(bytes, at + 1);
}

function endsToken(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === undefined || isBlank(byte) || byte === NEWLINE || byte === RETURN;
}

/** Offset of what a block scalar on this line has to be indented below: its key, or its dash without one. */
function keyStart(bytes: Uint8Array, start: number, end: number): number {
  let key = start;
  while (key < end && isDash(bytes, key)) {
    const next = firstByte(bytes, key + 1, end);
    if (bytes[next] === 124 || bytes[next] === 62) break;
    key = next;
  }
  return key;
}

/** A line without a dash and without a key continues the value above it. */
function beginsEntry(bytes: Uint8Array, start: number, end: number): boolean {
  if (isDash(bytes, start)) return true;
  for (let at = start; at < end; at++)
    if (bytes[at] === COLON && endsToken(bytes, at + 1)) return true;
  return false;
}

/** `key: |`, `- >-`, `key: |2 # comment`. */
function opensScalar(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte !== 124 && byte !== 62) || !isBlank(bytes[at - 1] ?? 0)) continue;
    let after = at + 1;
    while (after < end && MODIFIERS.has(bytes[after] ?? 0)) after++;
    after = firstByte(bytes, after, end);
    if (after === end || (bytes[after] === HASH && isBlank(bytes[after - 1] ?? 0))) return true;
  }
  return false;
}
