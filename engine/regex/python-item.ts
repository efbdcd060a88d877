/** Pieces of a sequence while the Python parser reads it. */
import type { Assertion, Node, Ranges } from './ast.ts';
import type { GroupHead } from './python-group.ts';
import { refuse } from './python-source.ts';
import { widthOf } from './python-width.ts';

export interface Item {
  readonly node: Node;
  readonly start: number;
  /** Why a quantifier may not follow. */
  readonly final?: 'assertion' | 'repeat';
}

/** Puts a group's body into what its head says it is. */
export function wrap(head: GroupHead, node: Node, open: number, end: number): Node {
  if (head.kind === 'capture') {
    return { kind: 'capture', node, ...(head.name === undefined ? {} : { name: head.name }) };
  }
  if (head.kind !== 'look') return node;
  const width = widthOf(node);
  if (head.direction === 'behind' && width.min !== width.max) {
    refuse(
      open,
      end - open,
      'Python takes only lookbehind of a fixed width',
      'one lookbehind per width',
    );
  }
  return { kind: 'look', node, direction: head.direction, negative: head.negative };
}

export function set(ranges: Ranges, start: number): Item {
  return { node: { kind: 'class', ranges, approximate: false }, start };
}

export function assertion(name: Assertion, start: number): Item {
  return { node: { kind: 'assert', assertion: name }, start, final: 'assertion' };
}
