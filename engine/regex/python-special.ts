/**
 * Assertions of Python that the tree spells as lookaround and that printers and matchers know by identity.
 */
import type { Node, Ranges } from './ast.ts';
import { WORD } from './ranges.ts';

type Look = Extract<Node, { kind: 'look' }>;

/** `$` without `(?m)`: the end of the text, or before the newline that ends it. */
export const PYTHON_DOLLAR: Look = {
  kind: 'look',
  direction: 'ahead',
  negative: false,
  node: {
    kind: 'concat',
    parts: [
      { kind: 'repeat', node: characters([10, 10]), min: 0, max: 1, greedy: true },
      { kind: 'assert', assertion: 'text-end' },
    ],
  },
};

/** `\b` under `(?a)`: as RE2's, not Unicode's. */
export const PYTHON_ASCII_BOUNDARY: Look = boundary(false);
/** `\B` under `(?a)`. */
export const PYTHON_NOT_ASCII_BOUNDARY: Look = boundary(true);

function boundary(inverted: boolean): Look {
  const word = characters(WORD);
  const side = (before: boolean, after: boolean): Node => ({
    kind: 'concat',
    parts: [
      { kind: 'look', direction: 'behind', negative: !before, node: word },
      { kind: 'look', direction: 'ahead', negative: !after, node: word },
    ],
  });
  const branches = inverted
    ? [side(true, true), side(false, false)]
    : [side(true, false), side(false, true)];
  return {
    kind: 'look',
    direction: 'ahead',
    negative: false,
    node: { kind: 'alternate', branches },
  };
}

function characters(ranges: Ranges): Node {
  return { kind: 'class', ranges, approximate: false };
}
