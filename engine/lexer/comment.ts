/** Where a block comment ends. */
import { findBytes, standsAt } from './bytes.ts';

interface Markers {
  readonly open: Uint8Array;
  readonly close: Uint8Array;
}

/** Offset after the comment that opens at `at`; `end` when it is not closed. */
export function blockEnd(
  { open, close }: Markers,
  nested: boolean,
  bytes: Uint8Array,
  at: number,
  end: number,
): number {
  const inside = at + open.length;
  if (!nested) return Math.min(end, findBytes(bytes, inside, end, close) + close.length);
  let mark = inside;
  let depth = 1;
  while (mark < end) {
    if (standsAt(bytes, mark, end, close)) {
      mark += close.length;
      depth -= 1;
      if (depth === 0) return mark;
    } else if (standsAt(bytes, mark, end, open)) {
      mark += open.length;
      depth += 1;
    } else {
      mark += 1;
    }
  }
  return end;
}
