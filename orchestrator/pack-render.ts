/**
 * Hunks as text. Each line of content stands behind its sign, its number and a bar, so that no content can
 * pass for one of our own lines.
 */
import type { Hunk, HunkLine } from './hunks.ts';
import type { MovedHere } from './pack-prepare.ts';
import { byteLength, firstBytes, visible } from './pack-text.ts';

/** Of one line; the rest is said to be missing. */
const MAX_LINE_BYTES = 4_000;

export interface RenderedHunk {
  readonly text: string;
  /** Numbers of changed lines that are not shown to their end. */
  readonly cutLines: readonly number[];
}

export function renderHunk(
  { heading, lines }: Hunk,
  moved: ReadonlyMap<number, MovedHere>,
): RenderedHunk {
  const cutLines: number[] = [];
  let text = heading === '' ? 'hunk\n' : `hunk, after | ${visible(heading)}\n`;
  for (const { sign, after } of lines) {
    const run = sign === '+' ? moved.get(after) : undefined;
    if (run !== undefined)
      text += `moved without a change: lines ${after}-${after + run.lines - 1} were at ${run.from}\n`;
  }
  for (const line of lines) {
    const rendered = renderLine(line);
    text += rendered.text;
    if (rendered.isCut && line.sign !== ' ') cutLines.push(line.after || line.before);
  }
  return { text, cutLines };
}

/** `+  12| code`; removed lines have their old number. */
export function renderLine(line: HunkLine): { text: string; isCut: boolean } {
  const shown = visible(line.text);
  const size = byteLength(shown);
  const isCut = size > MAX_LINE_BYTES;
  const body = isCut
    ? `${firstBytes(shown, MAX_LINE_BYTES)} ⟦cut: ${size - MAX_LINE_BYTES} more bytes⟧`
    : shown;
  return { text: `${line.sign}${line.after || line.before}| ${body}\n`, isCut };
}
