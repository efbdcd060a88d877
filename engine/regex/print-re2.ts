/**
 * Prints a tree of the Python parser in RE2 syntax.
 *
 * What matches is the same, with these differences, all on non-ASCII text and reported in `differences`:
 * `\w` and its relatives are printed as a few large ranges (or as ASCII inside of counted repeats), since
 * Python's seven hundred ranges take RE2 80 ms a copy; `\b` is RE2's, so `é` does not count as a letter.
 * A final `$` also consumes the newline that it may stand before.
 */
import type { Node, PatternError } from './ast.ts';
import {
  PYTHON_ASCII_BOUNDARY,
  PYTHON_DOLLAR,
  PYTHON_NOT_ASCII_BOUNDARY,
} from './python-special.ts';
import { escapeRe2, printClass } from './print-class.ts';

export type PrintDifference = 'word-class' | 'word-boundary';

export type PrintResult =
  | {
      readonly ok: true;
      readonly pattern: string;
      readonly differences: readonly PrintDifference[];
    }
  | { readonly ok: false; readonly error: PatternError };

/** RE2's limit for a repeat count, nested ones multiplied. */
const MAX_REPEAT = 1000;

/** Refuses lookaround (other than a final `$`) and repeats above RE2's limit; `compileAutomaton` takes both. */
export function printRe2(node: Node): PrintResult {
  const printer = new Printer();
  const pattern = printer.print(node, { last: true, copies: 1, repeats: 1, within: 'alternate' });
  if (printer.refusal !== undefined) {
    return { ok: false, error: { offset: 0, length: 1, message: printer.refusal } };
  }
  return { ok: true, pattern, differences: [...printer.differences].sort() };
}

/** Literal text as a pattern. */
export function quoteRe2(text: string): string {
  let pattern = '';
  for (const character of text) pattern += escapeRe2(character.codePointAt(0) ?? 0);
  return pattern;
}

interface Context {
  /** Nothing of the pattern follows: a match may end here. */
  readonly last: boolean;
  /** How often RE2 will copy this node. */
  readonly copies: number;
  /** Product of the counted repeats around it. */
  readonly repeats: number;
  /** The construct that the text is put into, which says whether it needs a group. */
  readonly within: 'alternate' | 'concat' | 'repeat';
}

class Printer {
  refusal: string | undefined;
  readonly differences = new Set<PrintDifference>();

  print(node: Node, context: Context): string {
    switch (node.kind) {
      case 'empty':
        return '(?:)';
      case 'class': {
        const { text, exact } = printClass(node.ranges, context.copies);
        if (!exact) this.differences.add('word-class');
        return text;
      }
      case 'any-byte':
        return '\\C';
      case 'assert':
        return grouped(this.assertion(node.assertion), context.within === 'repeat');
      case 'capture':
        return this.print(node.node, context);
      case 'concat': {
        const end = node.parts.length - 1;
        const inner = { ...context, within: 'concat' } as const;
        const texts = node.parts.map((part, i) =>
          this.print(part, { ...inner, last: context.last && i === end }),
        );
        return grouped(texts.join(''), context.within === 'repeat');
      }
      case 'alternate': {
        const inner = { ...context, within: 'alternate' } as const;
        const texts = node.branches.map((branch) => this.print(branch, inner));
        return grouped(texts.join('|'), context.within !== 'alternate');
      }
      case 'repeat':
        return grouped(this.repeat(node, context), context.within === 'repeat');
      case 'look':
        return this.look(node, context);
    }
  }

  private assertion(assertion: Extract<Node, { kind: 'assert' }>['assertion']): string {
    switch (assertion) {
      case 'text-begin':
        return '\\A';
      case 'text-end':
        return '\\z';
      case 'line-begin':
        return '(?m:^)';
      case 'line-end':
        return '(?m:$)';
      case 'word-boundary':
        this.differences.add('word-boundary');
        return '\\b';
      case 'not-word-boundary':
        this.differences.add('word-boundary');
        return '\\B';
    }
  }

  private repeat(node: Extract<Node, { kind: 'repeat' }>, context: Context): string {
    const { min, max } = node;
    const count = Math.max(min, max === Infinity ? 0 : max, 1);
    const repeats = context.repeats * count;
    if (repeats > MAX_REPEAT)
      this.refusal ??= `repeats multiply to ${repeats}; RE2 allows ${MAX_REPEAT}`;
    const copies = context.copies * (max === Infinity ? Math.max(min, 1) : count);
    const body = this.print(node.node, { last: false, copies, repeats, within: 'repeat' });
    return body + bounds(min, max) + (node.greedy ? '' : '?');
  }

  private look(node: Extract<Node, { kind: 'look' }>, context: Context): string {
    if (node === PYTHON_DOLLAR && context.last) return '\\n?\\z';
    if (node === PYTHON_ASCII_BOUNDARY) return grouped('\\b', context.within === 'repeat');
    if (node === PYTHON_NOT_ASCII_BOUNDARY) return grouped('\\B', context.within === 'repeat');
    this.refusal ??= 'RE2 has no lookaround';
    return '';
  }
}

function grouped(text: string, needed: boolean): string {
  return needed ? `(?:${text})` : text;
}

function bounds(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
