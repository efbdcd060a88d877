/** What an edit did to the file: the text before and after, as far as the payload tells. */
import type { Position } from '../engine/finding.ts';
import type { Edit, EditPayload, Original, PatchHunk, Replacement } from './input.ts';
import { cellsOf } from './notebook.ts';

/** Where a finding is. */
export interface Place {
  /** 1-based, of the file, or of the cell where `cell` is given. */
  readonly line: number;
  /** 1-based, among all cells. */
  readonly cell?: number;
}

/** Texts to compare. */
export interface TextPair {
  readonly before: string;
  readonly after: string;
  /** Place of a position in `after`; undefined when the payload does not tell where that stands. */
  readonly locate: (position: Position) => Place | undefined;
}

type Texts = Pick<TextPair, 'before' | 'after'>;

/** Work that the edits of one payload may ask for, in UTF-16 units read and written. */
const MAX_WORK = 64 * 1024 * 1024;

/**
 * The pairs of an edit. One pair over the whole file where the original is known and the edit can be
 * repeated on it; else one for each hunk of the host's patch, or for each replacement.
 */
export function changeOf(payload: EditPayload): readonly TextPair[] {
  const { edit, original, patch, path } = payload;
  if (edit.kind === 'notebook' && edit.updated === undefined) {
    // Without the file as it became, the cell's own source is all that is known.
    return edit.isCode ? [{ before: '', after: edit.source, locate: nowhere }] : [];
  }
  const whole = wholeFile(edit, original, patch.length > 0);
  if (whole !== undefined) {
    return [
      {
        ...whole,
        locate: path.endsWith('.ipynb') ? inCells(whole.after) : byLine,
      },
    ];
  }
  if (patch.length > 0 || edit.kind !== 'replace') return patch.map(hunkPair);
  return (edit.attempts[0] ?? []).map(({ oldText, newText }) => ({
    before: oldText,
    after: newText,
    locate: nowhere,
  }));
}

/** The model knows a notebook by its cells; the file is read for them when something was found. */
function inCells(file: string): TextPair['locate'] {
  let cells: ReturnType<typeof cellsOf> | 'unread' = 'unread';
  return (position) => {
    if (cells === 'unread') cells = cellsOf(file);
    return cells?.(position.offset) ?? byLine(position);
  };
}

function byLine({ line }: Position): Place {
  return { line };
}

/** Undefined when the whole text before or after is not known. */
function wholeFile(edit: Edit, original: Original, hasPatch: boolean): Texts | undefined {
  if (edit.kind === 'replace') {
    return original === undefined ? undefined : repeat(edit, original ?? '');
  }
  if (edit.kind === 'notebook') return { before: original ?? '', after: edit.updated ?? '' };
  if (original === undefined && hasPatch) return undefined;
  return { before: original ?? '', after: edit.content };
}

function repeat(edit: Extract<Edit, { kind: 'replace' }>, original: string): Texts | undefined {
  for (const before of new Set([original, original.replaceAll('\r\n', '\n')])) {
    for (const attempt of edit.attempts) {
      const after = applyAll(before, attempt);
      if (after !== undefined) return { before, after };
    }
  }
  return undefined;
}

/** Replacements one after the other; undefined when one does not apply or the work is too much. */
function applyAll(text: string, replacements: readonly Replacement[]): string | undefined {
  let current = text;
  let work = 0;
  for (const replacement of replacements) {
    work += current.length;
    if (work > MAX_WORK) return undefined;
    const next = apply(current, replacement, MAX_WORK);
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

/** A literal replacement: nothing in either text has a meaning of its own. */
function apply(
  text: string,
  { oldText, newText, all }: Replacement,
  max: number,
): string | undefined {
  // An empty old text creates the file or fills an empty one.
  if (oldText === '') return text === '' ? newText : undefined;
  const first = text.indexOf(oldText);
  if (first < 0) return undefined;
  if (!all) return text.slice(0, first) + newText + text.slice(first + oldText.length);
  const parts = text.split(oldText);
  return text.length + (parts.length - 1) * newText.length > max ? undefined : parts.join(newText);
}

function hunkPair({ newStart, lines }: PatchHunk): TextPair {
  const side = (mark: string): string =>
    lines
      .filter((line) => line.startsWith(mark) || line.startsWith(' '))
      .map((line) => line.slice(1))
      .join('\n');
  return {
    before: side('-'),
    after: side('+'),
    locate: ({ line }) => ({ line: newStart - 1 + line }),
  };
}

function nowhere(): undefined {
  return undefined;
}
