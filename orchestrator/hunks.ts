/** The changed parts of a file, with a few lines around them. */
import type { Change } from './hunks-diff.ts';

/** A line of a hunk; line numbers are 1-based, `0` where the line is not on that side. */
export interface HunkLine {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
  readonly before: number;
  readonly after: number;
}

export interface Hunk {
  /** Nearest line above that stands at the margin: mostly the function or class around the hunk. */
  readonly heading: string;
  readonly lines: readonly HunkLine[];
}

/** A long hunk is cut where a top-level line begins, so that an edit in one part leaves the others as they were. */
const PIECE_AT_LEAST = 24;
const PIECE_AT_MOST = 160;
const MAX_HEADING_SEARCH = 2000;
const MAX_HEADING = 160;

/** Hunks in order. Put together, their lines turn `before` into `after`; `context` is lines on each side. */
export function hunksOf(
  before: readonly string[],
  after: readonly string[],
  changes: readonly Change[],
  context: number,
): Hunk[] {
  return grouped(changes, context).flatMap((group) =>
    pieces(linesOf(group, before, after, context)).map((lines) => ({
      heading: headingAbove(lines, before, after),
      lines,
    })),
  );
}

/** Changes whose contexts touch go together. */
function grouped(changes: readonly Change[], context: number): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (
      group !== undefined &&
      last !== undefined &&
      change.beforeStart - last.beforeEnd <= context * 2
    )
      group.push(change);
    else groups.push([change]);
  }
  return groups;
}

function linesOf(
  group: readonly Change[],
  before: readonly string[],
  after: readonly string[],
  context: number,
): HunkLine[] {
  const first = group[0];
  const last = group.at(-1);
  if (first === undefined || last === undefined) return [];
  const lines: HunkLine[] = [];
  const lead = Math.min(context, first.beforeStart, first.afterStart);
  let b = first.beforeStart - lead;
  let a = first.afterStart - lead;
  const keepUntil = (end: number): void => {
    for (; b < end; b++, a++)
      lines.push({ sign: ' ', text: after[a] ?? '', before: b + 1, after: a + 1 });
  };
  for (const change of group) {
    keepUntil(change.beforeStart);
    for (; b < change.beforeEnd; b++)
      lines.push({ sign: '-', text: before[b] ?? '', before: b + 1, after: 0 });
    for (; a < change.afterEnd; a++)
      lines.push({ sign: '+', text: after[a] ?? '', before: 0, after: a + 1 });
  }
  keepUntil(Math.min(before.length, last.beforeEnd + context));
  return lines;
}

function pieces(lines: readonly HunkLine[]): HunkLine[][] {
  const result: HunkLine[][] = [];
  let piece: HunkLine[] = [];
  for (const line of lines) {
    const full =
      piece.length >= PIECE_AT_MOST || (piece.length >= PIECE_AT_LEAST && isBoundary(line.text));
    if (full) {
      result.push(piece);
      piece = [];
    }
    piece.push(line);
  }
  // A tail that changes nothing is context that the piece before it has enough of.
  if (piece.some(({ sign }) => sign !== ' ')) result.push(piece);
  else result.at(-1)?.push(...piece);
  return result.filter((lines_) => lines_.some(({ sign }) => sign !== ' '));
}

/** Depends on the line alone, so that pieces fall into step again after an insertion. */
function isBoundary(text: string): boolean {
  return startsAtMargin(text) && (text.length * 7 + text.charCodeAt(text.length - 1)) % 3 === 0;
}

function headingAbove(
  lines: readonly HunkLine[],
  before: readonly string[],
  after: readonly string[],
): string {
  const first = lines[0];
  if (first === undefined) return '';
  const [side, from] = first.after > 0 ? [after, first.after] : [before, first.before];
  const end = Math.max(0, from - 1 - MAX_HEADING_SEARCH);
  for (let i = from - 2; i >= end; i--) {
    const text = side[i] ?? '';
    if (startsAtMargin(text)) return text.slice(0, MAX_HEADING);
  }
  return '';
}

function startsAtMargin(text: string): boolean {
  const unit = text.charCodeAt(0) | 0x20;
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    text.startsWith('_') ||
    text.startsWith('$') ||
    text.startsWith('@')
  );
}
