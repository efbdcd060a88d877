/** Finds the sources of code cells in a notebook's JSON, of format 4 and of format 3 with its worksheets. */
import { DOUBLE_QUOTE } from '../lexer/bytes.ts';
import { JsonReader, type Range } from './json-reader.ts';
import { shortString } from './json-string.ts';

/** One source of a code cell. */
export interface CellSource {
  /** Number of the cell, counted from 1 among all cells. */
  readonly cell: number;
  /** Insides of the JSON strings that make up the source. */
  readonly strings: readonly Range[];
}

export interface CellSources {
  readonly sources: readonly CellSource[];
  /** Where a syntax error or the end of the notebook's object is. */
  readonly end: number;
}

const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;

/**
 * Undefined when the text is no JSON object with a list of cells. Whatever could hide a cell's code from
 * us and not from another reader counts as code: a key that comes twice, a type that comes twice or late.
 */
export function findCellSources(bytes: Uint8Array): CellSources | undefined {
  const reader = new JsonReader(bytes);
  if (reader.peek() !== OPEN_BRACE) return undefined;
  const sources: CellSource[] = [];
  let lists = 0;
  let cells = 0;
  const keyOf = (key: Range): string => shortString(bytes, key);
  const cellList = (): boolean => {
    lists += 1;
    return reader.array(() => {
      cells += 1;
      return reader.peek() === OPEN_BRACE ? readCell(bytes, reader, cells, sources) : reader.skip();
    });
  };
  const member = (key: Range): boolean => {
    const name = keyOf(key);
    if (reader.peek() !== OPEN_BRACKET) return reader.skip();
    if (name === 'cells') return cellList();
    if (name !== 'worksheets') return reader.skip();
    return reader.array(() =>
      reader.peek() === OPEN_BRACE
        ? reader.object((inner) =>
            keyOf(inner) === 'cells' && reader.peek() === OPEN_BRACKET ? cellList() : reader.skip(),
          )
        : reader.skip(),
    );
  };
  reader.object(member);
  return lists === 0 ? undefined : { sources, end: reader.at };
}

/** Adds the sources of a cell, also of one that ends in a syntax error. */
function readCell(
  bytes: Uint8Array,
  reader: JsonReader,
  cell: number,
  sources: CellSource[],
): boolean {
  const found: Range[][] = [];
  let typed = false;
  let isCode = false;
  const read = reader.object((key) => {
    const name = shortString(bytes, key);
    const next = reader.peek();
    if (name === 'cell_type') {
      const type = reader.string();
      if (type === undefined) return reader.skip();
      typed = true;
      isCode ||= shortString(bytes, type) === 'code';
      return true;
    }
    if (name !== 'source' && name !== 'input') return reader.skip();
    if (next !== DOUBLE_QUOTE && next !== OPEN_BRACKET) return reader.skip();
    const strings: Range[] = [];
    found.push(strings);
    const item = (): boolean => {
      const text = reader.string();
      if (text === undefined) return reader.skip();
      strings.push(text);
      return true;
    };
    return next === OPEN_BRACKET ? reader.array(item) : item();
  });
  if (isCode || !typed)
    for (const strings of found) if (strings.length > 0) sources.push({ cell, strings });
  return read;
}
