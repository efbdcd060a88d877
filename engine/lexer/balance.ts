/** Finds where a call ends. */
import { lineEnd } from './bytes.ts';
import { spanIndexAt } from './spans.ts';
import type { Spans } from './spans.ts';

/** A call that is longer counts as unclosed. In bytes. */
const REACH = 64 * 1024;

const OPEN = 40;
const CLOSE = 41;

/**
 * Offset after the `)` that balances the first `(` of code at or after `from`.
 * Without a `(` on the line of `from`, the end of that line. An unclosed call ends with the text, or
 * 64 KiB after `from`.
 */
export function callEnd(bytes: Uint8Array, spans: Spans, from: number): number {
  const line = lineEnd(bytes, from, bytes.length);
  const end = Math.min(bytes.length, from + REACH);
  let index = Math.max(0, spanIndexAt(spans, from));
  let depth = 0;
  let at = from;
  while (at < end) {
    const start = spans.starts[index] ?? Infinity;
    const stop = spans.ends[index] ?? Infinity;
    if (at >= stop) {
      index += 1;
      continue;
    }
    if (at >= start) {
      at = stop;
      continue;
    }
    if (depth === 0 && at >= line) return line;
    const byte = bytes[at] ?? 0;
    at += 1;
    if (byte === OPEN) {
      depth += 1;
    } else if (byte === CLOSE && depth > 0) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return depth === 0 ? line : end;
}
