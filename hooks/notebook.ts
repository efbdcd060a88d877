/** The cell and the line in it that an offset of a notebook's file is. */
import { viewNotebook } from '../engine/notebook/view.ts';
import { decodeText } from '../engine/text/decode.ts';
import { LineIndex } from '../engine/text/lines.ts';

export interface CellPlace {
  /** Counted from 1 among all cells. */
  readonly cell: number;
  /** Counted from 1 in the cell's source. */
  readonly line: number;
}

/**
 * Finds the cell of a byte offset in the decoded text of `file`. Undefined when the file is no notebook;
 * the answer is undefined outside the sources of code cells.
 */
export function cellsOf(file: string): ((offset: number) => CellPlace | undefined) | undefined {
  const view = viewNotebook(decodeText(Buffer.from(file)));
  if (view === undefined) return undefined;
  const lines = new LineIndex(view.text);
  return (offset) => {
    const range = view.fromRaw({ start: offset, end: offset });
    const part = range && view.partAt(range.start);
    if (range === undefined || part === undefined || part.cell === 0) return undefined;
    return {
      cell: part.cell,
      line: lines.lineAt(range.start) - lines.lineAt(part.start) + 1,
    };
  };
}
