/**
 * Tells a `/` that divides from one that opens a regular expression, and a `<` that compares from one that
 * opens an element, by the significant byte before it.
 */
import { isSpace, isWord } from './bytes.ts';
import type { LexState } from './table.ts';
import type { Spans } from './spans.ts';

const MAX_BRACKETS = 1024;
const LONGEST_KEYWORD = 10;

const BEFORE_EXPRESSION: ReadonlySet<string> = new Set(
  (
    'return typeof instanceof in of new delete void throw case do else yield await ' +
    'if unless while until when and or not then elsif default'
  ).split(' '),
);
const BEFORE_CONDITION: ReadonlySet<string> = new Set('if while for with'.split(' '));

/** Remembers for each open bracket whether an expression may follow its closing one. */
export class Brackets {
  depth = 0;
  lastClose = -1;
  lastOpensExpression = false;
  readonly #opensExpression: Uint8Array = new Uint8Array(MAX_BRACKETS);

  /** `before`: the significant byte before the bracket at `at`; -1 at the start, -2 for a string. */
  open(bytes: Uint8Array, at: number, before: number, from: number): void {
    if (this.depth < MAX_BRACKETS) {
      const opens =
        bytes[at] === 40
          ? before >= 0 && endsWithWord(bytes, before, from, BEFORE_CONDITION)
          : before !== -2 && this.#beginsBlock(bytes, before, from);
      this.#opensExpression[this.depth] = opens ? 1 : 0;
    }
    this.depth += 1;
  }

  close(at: number): void {
    if (this.depth > 0) this.depth -= 1;
    this.lastClose = at;
    this.lastOpensExpression = this.depth < MAX_BRACKETS && this.#opensExpression[this.depth] === 1;
  }

  /** Whether a `{` after `before` opens a block; else it opens an object literal. */
  #beginsBlock(bytes: Uint8Array, before: number, from: number): boolean {
    if (before < 0) return true;
    const byte = bytes[before] ?? 0;
    if (isWord(byte)) return !endsWithWord(bytes, before, from, OBJECT_AFTER);
    // `)`, `;`, `{`, `}` and the `>` of `=>`
    if (byte === 41 || byte === 59 || byte === 123 || byte === 125) return true;
    return byte === 62 && bytes[before - 1] === 61;
  }
}

const OBJECT_AFTER: ReadonlySet<string> = new Set(
  'return typeof in of new delete void throw case yield await default'.split(' '),
);

function endsWithWord(
  bytes: Uint8Array,
  last: number,
  from: number,
  words: ReadonlySet<string>,
): boolean {
  let first = last;
  let word = '';
  while (first >= from && word.length <= LONGEST_KEYWORD && isWord(bytes[first] ?? 0)) {
    word = String.fromCharCode(bytes[first] ?? 0) + word;
    first -= 1;
  }
  return words.has(word) && bytes[first] !== 46;
}

/** Whether an expression may follow the significant byte at `before`. */
export function opensExpression(
  bytes: Uint8Array,
  before: number,
  from: number,
  brackets: Brackets,
): boolean {
  const byte = bytes[before] ?? 0;
  if (before === brackets.lastClose) return brackets.lastOpensExpression;
  if (isWord(byte)) return endsWithWord(bytes, before, from, BEFORE_EXPRESSION);
  // `)`, `]`, `}`; quotes and backticks that end a string; `++` and `--`
  if (byte === 41 || byte === 93 || byte === 125) return false;
  if (byte === 34 || byte === 39 || byte === 96) return false;
  return !((byte === 43 || byte === 45) && bytes[before - 1] === byte);
}

/** Last byte of code before `at`: -1 when there is none after `from`, -2 when a string stands there. */
export function significantBefore(
  bytes: Uint8Array,
  at: number,
  from: number,
  spans: Spans,
): number {
  let back = at - 1;
  let index = spans.starts.length - 1;
  while (back >= from) {
    while (back >= from && isSpace(bytes[back] ?? 0)) back -= 1;
    while (index >= 0 && (spans.starts[index] ?? 0) > back) index -= 1;
    if (back < from || index < 0 || back >= (spans.ends[index] ?? 0)) break;
    if (spans.regions[index] === 'string') return -2;
    back = (spans.starts[index] ?? 0) - 1;
  }
  return back < from ? -1 : back;
}

/** Reads a regular expression that opens at `at`; -1 when the `/` divides. A regex ends on its line. */
export function readRegex(state: LexState, at: number): number {
  if (at < state.regexFrom || !state.expressionAt(at)) return -1;
  return regexBody(state, at);
}

/** As `readRegex` for a `/` known to begin an expression. */
export function regexBody(state: LexState, at: number): number {
  const { bytes, end } = state;
  let inClass = false;
  let mark = at + 1;
  for (; mark < end; mark += 1) {
    const byte = bytes[mark] ?? 0;
    if (byte === 10) break;
    if (byte === 92 && bytes[mark + 1] !== 10) mark += 1;
    else if (byte === 91) inClass = true;
    else if (byte === 93) inClass = false;
    else if (byte === 47 && !inClass) {
      state.add(at, mark + 1, 'string');
      return mark + 1;
    }
  }
  state.regexFrom = mark;
  return -1;
}
