/** Finds the block around a place, by braces or by indentation. */
import type { LanguageId } from '../language.ts';
import { isBlank, lineEnd, NEWLINE, RETURN, TAB } from './bytes.ts';
import { spanIndexAt } from './spans.ts';
import type { Spans } from './spans.ts';

/** Half-open byte range. */
export interface Block {
  readonly start: number;
  readonly end: number;
}

/** How far the block may reach to each side. In bytes. */
const REACH = 256 * 1024;
const TAB_WIDTH = 8;

const OPEN = 123;
const CLOSE = 125;

const BY_INDENTATION: ReadonlySet<LanguageId> = new Set<LanguageId>([
  'python',
  'yaml',
  'ruby',
  'sql',
  'toml',
  'ini',
  'dockerfile',
  'makefile',
  'html',
  'xml',
  'markdown',
  'notebook',
]);

/**
 * Nearest block around `offset`. With braces: from the `{` to after the `}` that balances it, counting
 * those in code. By indentation: the run of lines indented at least as far as the line of `offset`, blank
 * lines included, and the header line above. The whole text at the top level, cut at 256 KiB to each side.
 */
export function enclosingBlock(
  bytes: Uint8Array,
  spans: Spans,
  offset: number,
  language: LanguageId | undefined,
): Block {
  const limits = {
    start: Math.max(0, offset - REACH),
    end: Math.min(bytes.length, offset + REACH),
  };
  if (language === undefined || BY_INDENTATION.has(language)) {
    return byIndentation(bytes, offset, limits);
  }
  const start = openBrace(bytes, spans, offset, limits.start);
  if (start < 0) return limits;
  return { start, end: closeBrace(bytes, spans, offset, limits.end) };
}

/** Offset of the `{` that is open at `offset`, or -1. */
function openBrace(bytes: Uint8Array, spans: Spans, offset: number, from: number): number {
  let index = spanIndexAt(spans, offset);
  let depth = 0;
  let at = offset - 1;
  while (at >= from) {
    while (index >= 0 && (spans.starts[index] ?? 0) > at) index -= 1;
    if (index >= 0 && at < (spans.ends[index] ?? 0)) {
      at = (spans.starts[index] ?? 0) - 1;
      continue;
    }
    const byte = bytes[at];
    if (byte === CLOSE) depth += 1;
    else if (byte === OPEN && depth === 0) return at;
    else if (byte === OPEN) depth -= 1;
    at -= 1;
  }
  return -1;
}

/** Offset after the `}` that closes what is open at `offset`, or `end`. */
function closeBrace(bytes: Uint8Array, spans: Spans, offset: number, end: number): number {
  let index = Math.max(0, spanIndexAt(spans, offset));
  let depth = 0;
  let at = offset;
  while (at < end) {
    while (at >= (spans.ends[index] ?? Infinity)) index += 1;
    if (at >= (spans.starts[index] ?? Infinity)) {
      at = spans.ends[index] ?? end;
      continue;
    }
    const byte = bytes[at];
    at += 1;
    if (byte === OPEN) {
      depth += 1;
    } else if (byte === CLOSE) {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return end;
}

function byIndentation(bytes: Uint8Array, offset: number, limits: Block): Block {
  let start = lineStart(bytes, offset, limits.start);
  let own = indentation(bytes, start, limits.end);
  // On a blank line the next line that says something decides.
  for (let at = start; own < 0 && at < limits.end;) {
    at = lineEnd(bytes, at, limits.end) + 1;
    own = indentation(bytes, at, limits.end);
  }
  if (own <= 0) return limits;
  while (start > limits.start) {
    const above = lineStart(bytes, start - 1, limits.start);
    const width = indentation(bytes, above, limits.end);
    start = above;
    if (width >= 0 && width < own) break;
  }
  let end = Math.min(limits.end, lineEnd(bytes, offset, limits.end) + 1);
  while (end < limits.end) {
    const width = indentation(bytes, end, limits.end);
    if (width >= 0 && width < own) break;
    end = Math.min(limits.end, lineEnd(bytes, end, limits.end) + 1);
  }
  return { start, end };
}

function lineStart(bytes: Uint8Array, offset: number, from: number): number {
  let at = offset;
  while (at > from && bytes[at - 1] !== NEWLINE) at -= 1;
  return at;
}

/** Columns of blanks at the start of a line; -1 for a blank line. */
function indentation(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let width = 0;
  while (at < end && isBlank(bytes[at] ?? 0)) {
    width += bytes[at] === TAB ? TAB_WIDTH - (width % TAB_WIDTH) : 1;
    at += 1;
  }
  return at >= end || bytes[at] === NEWLINE || bytes[at] === RETURN ? -1 : width;
}
