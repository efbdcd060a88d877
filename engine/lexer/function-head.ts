/** Where the function around a line begins, so that what is asked of one function is not answered by the next one. */
import type { LanguageId } from '../language.ts';
import type { LineIndex } from '../text/lines.ts';
import { type LineShape, shapeOf } from './line-shape.ts';

/** Of a line; a longer one is taken for blank, as some expressions for shapes take the square of that. */
const MOST_BYTES = 256;
/** Above a line: how far the head of its function is looked for. */
const MOST_LINES = 100;
/** Branches in branches that are looked at; each takes up to as many lines. */
const MOST_BRANCHES = 3;
const TAB_WIDTH = 8;

const SPACE = 32;
const TAB = 9;

interface Line extends LineShape {
  /** In columns. */
  readonly indentation: number;
}

/** The functions of one text, as far as the shapes of its lines and their indentation tell. */
export class FunctionHeads {
  readonly #text: Uint8Array;
  readonly #lines: LineIndex;
  readonly #language: LanguageId | undefined;
  readonly #known = new Map<number, Line>();
  /** By line: the first of its function, as far as it was looked for. */
  readonly #firsts = new Map<number, number>();
  /** By line: the first of its branch, or of its function. */
  readonly #branches = new Map<number, number>();

  constructor(text: Uint8Array, lines: LineIndex, language: LanguageId | undefined) {
    this.#text = text;
    this.#lines = lines;
    this.#language = language;
  }

  /**
   * The first of at most `most` lines above the 1-based `line` that are of the function around it: its head, or, when that
   * is further up, the line `most` above.
   */
  firstOf(line: number, most: number): number {
    let first = this.#firsts.get(line);
    if (first === undefined) this.#firsts.set(line, (first = this.#around(line)));
    return Math.max(1, line - most, first);
  }

  /** The same, no further than the branch that the line is in, if another one lies above: that one is not gone through. */
  firstOfBranch(line: number, most: number): number {
    const first = this.firstOf(line, most);
    let branch = this.#branches.get(line);
    if (branch === undefined) this.#branches.set(line, (branch = this.#branchOf(line)));
    return Math.max(first, branch);
  }

  /** Of a line, in columns. */
  indentationOf(line: number): number {
    return this.#line(line).indentation;
  }

  /** The nearest label around a line that another one is above; 1 where there is none. */
  #branchOf(line: number): number {
    const last = Math.max(1, line - MOST_LINES);
    let least = Infinity;
    let branches = 0;
    for (let above = line; above >= last && branches < MOST_BRANCHES; above--) {
      const { isBlank, isBranch, indentation } = this.#line(above);
      if (isBlank || indentation >= least) continue;
      // A line itself may be the label; any other label is indented less.
      least = indentation;
      if (!isBranch) continue;
      branches++;
      const label = this.#firstLabel(above, last);
      if (this.#isBelowBranch(label, last)) return label;
    }
    return 1;
  }

  /** Of labels that follow each other, as for several values. */
  #firstLabel(label: number, last: number): number {
    const { indentation } = this.#line(label);
    let line = label;
    while (line > last && this.#isLabel(line - 1, indentation)) line--;
    return line;
  }

  /** Whether the next line above that is indented no more is a label, too. */
  #isBelowBranch(label: number, last: number): boolean {
    const { indentation } = this.#line(label);
    let line = label - 1;
    while (line > last && this.#isInside(line, indentation)) line--;
    return line >= last && this.#isLabel(line, indentation);
  }

  #isLabel(line: number, indentation: number): boolean {
    const shape = this.#line(line);
    return shape.isBranch && shape.indentation === indentation;
  }

  /** What is around a line is indented less than that and all between. */
  #around(line: number): number {
    const last = Math.max(1, line - MOST_LINES);
    const { head, indentation } = this.#line(line);
    if (head === 'function') return this.#withAnnotations(line, last);
    let least = indentation;
    for (let above = line - 1; above >= last; above--) {
      const shape = this.#line(above);
      if (shape.isBlank || shape.indentation > least) continue;
      if (shape.indentation === least) {
        // Beside the line at the top of a file; what ended there, and what is above it, says nothing about it.
        if (least === 0 && shape.head !== 'none') return this.#endOf(above, line);
        continue;
      }
      if (!shape.opens) continue;
      least = shape.indentation;
      const begins = shape.endsHead ? this.#beginningOf(above, last) : above;
      if (this.#isFunction(begins, above)) return this.#withAnnotations(begins, last);
      above = begins;
    }
    return last;
  }

  /** Whether what begins and ends on these lines is a function, or else at the top of the file, which is as good. */
  #isFunction(begins: number, ends: number): boolean {
    const { head, indentation, isStatement, isOpened } = this.#line(begins);
    return head !== 'none' || (indentation === 0 && !isStatement) || (begins < ends && isOpened);
  }

  /** Where the head begins that ends on a line: the next one above that is indented no more. */
  #beginningOf(end: number, last: number): number {
    const { indentation } = this.#line(end);
    let line = end - 1;
    while (line > last && this.#isInside(line, indentation)) line--;
    return Math.max(line, last);
  }

  #isInside(line: number, indentation: number): boolean {
    const shape = this.#line(line);
    return shape.isBlank || shape.indentation > indentation;
  }

  /** The line behind the body of a function, by indentation; at most `line`. */
  #endOf(head: number, line: number): number {
    const { indentation } = this.#line(head);
    let end = head + 1;
    while (end < line && (this.#isInside(end, indentation) || this.#line(end).isOpening)) end++;
    return end;
  }

  /** Decorators, annotations and attributes stand above the head. */
  #withAnnotations(head: number, last: number): number {
    let line = head;
    while (line > last && this.#line(line - 1).isAnnotation) line--;
    return line;
  }

  #line(line: number): Line {
    let known = this.#known.get(line);
    if (known === undefined) this.#known.set(line, (known = this.#read(line)));
    return known;
  }

  #read(line: number): Line {
    const start = this.#lines.startOf(line);
    const end = this.#lines.endOf(line);
    const bytes = this.#text.subarray(start, end - start > MOST_BYTES ? start : end);
    // Bytes as characters: what is looked for is ASCII.
    const text = String.fromCharCode(...bytes).trimEnd();
    return { ...shapeOf(text, this.#language), indentation: indentationOf(bytes) };
  }
}

function indentationOf(bytes: Uint8Array): number {
  let width = 0;
  for (const byte of bytes) {
    if (byte === TAB) width += TAB_WIDTH - (width % TAB_WIDTH);
    else if (byte === SPACE) width++;
    else break;
  }
  return width;
}
