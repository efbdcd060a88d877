/** The code of a notebook as one text, and the way back from its lines to cells. */

export interface NotebookCode {
  readonly text: string;
  /** The cell, counted from 1 among all cells, and the line in it that a 1-based line of `text` is. */
  locate(line: number): { readonly cell: number; readonly line: number };
}

/** Undefined when `file` is no notebook in JSON. An empty text is a notebook without cells. */
export function codeOfNotebook(file: string): NotebookCode | undefined {
  const cells = file.trim() === '' ? [] : cellsOf(file);
  if (cells === undefined) return undefined;
  const starts: { readonly first: number; readonly cell: number }[] = [];
  const texts: string[] = [];
  let next = 1;
  for (const [index, source] of cells.entries()) {
    if (source === undefined) continue;
    starts.push({ first: next, cell: index + 1 });
    texts.push(source);
    next += source.split('\n').length;
  }
  return {
    text: texts.join('\n'),
    locate(line) {
      const start = starts.findLast(({ first }) => first <= line) ?? { first: 1, cell: 1 };
      return { cell: start.cell, line: line - start.first + 1 };
    },
  };
}

/** The source of each cell; undefined in place of cells that are not code. */
function cellsOf(file: string): (string | undefined)[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(file);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('cells' in value)) return undefined;
  return Array.isArray(value.cells) ? value.cells.map(sourceOf) : undefined;
}

function sourceOf(cell: unknown): string | undefined {
  if (typeof cell !== 'object' || cell === null) return undefined;
  if (!('cell_type' in cell) || cell.cell_type !== 'code' || !('source' in cell)) return undefined;
  const { source } = cell;
  if (typeof source === 'string') return source;
  if (!Array.isArray(source)) return undefined;
  return source.filter((line) => typeof line === 'string').join('');
}
