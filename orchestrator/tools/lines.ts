/** Lines of a file for a model: number, bar, content with nothing hidden in it. */
import { byteLength, firstBytes, visible } from '../pack-text.ts';

/** Of one line; a longer one is minified code or data. */
const MAX_LINE_BYTES = 1_000;

/** `12| code`. */
export function numbered(number: number, text: string): string {
  const shown = visible(text);
  const size = byteLength(shown);
  return size <= MAX_LINE_BYTES
    ? `${number}| ${shown}\n`
    : `${number}| ${firstBytes(shown, MAX_LINE_BYTES)} ⟦cut: ${size - MAX_LINE_BYTES} more bytes⟧\n`;
}

export interface Excerpt {
  readonly text: string;
  /** 0-based, half-open: the lines that `text` shows. */
  readonly start: number;
  readonly end: number;
}

/** As many lines from `start` on as fit. */
export function excerpt(
  lines: readonly string[],
  start: number,
  most: { readonly lines: number; readonly bytes: number },
): Excerpt {
  let text = '';
  let bytes = 0;
  let end = start;
  while (end < Math.min(lines.length, start + most.lines)) {
    const line = numbered(end + 1, lines[end] ?? '');
    bytes += byteLength(line);
    if (bytes > most.bytes) break;
    text += line;
    end++;
  }
  return { text, start, end };
}
