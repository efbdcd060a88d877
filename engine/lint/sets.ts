/** Questions about which characters a pattern can hold. */
import type { Node, Ranges } from '../regex/ast.ts';
import { ANY, negate, normalize } from '../regex/ranges.ts';

/** Every code point that a match can hold. */
export function alphabetOf(node: Node): Ranges {
  const pairs: number[] = [];
  collect(node, pairs);
  return normalize(pairs);
}

function collect(node: Node, into: number[]): void {
  switch (node.kind) {
    case 'class':
      into.push(...(node.approximate ? ANY : node.ranges));
      return;
    case 'any-byte':
      into.push(...ANY);
      return;
    case 'concat':
      for (const part of node.parts) collect(part, into);
      return;
    case 'alternate':
      for (const branch of node.branches) collect(branch, into);
      return;
    case 'repeat':
    case 'capture':
      collect(node.node, into);
      return;
    case 'empty':
    case 'assert':
    case 'look':
      return;
  }
}

/** Whether no match can consist of `allowed` alone; false when in doubt. */
export function needsOthers(node: Node, allowed: Ranges): boolean {
  switch (node.kind) {
    case 'class':
      return !node.approximate && !overlaps(node.ranges, allowed);
    case 'concat':
      return node.parts.some((part) => needsOthers(part, allowed));
    case 'alternate':
      return node.branches.every((branch) => needsOthers(branch, allowed));
    case 'repeat':
      return node.min > 0 && needsOthers(node.node, allowed);
    case 'capture':
      return needsOthers(node.node, allowed);
    case 'any-byte':
    case 'empty':
    case 'assert':
    case 'look':
      return false;
  }
}

export function overlaps(a: Ranges, b: Ranges): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if ((a[i + 1] ?? 0) < (b[j] ?? 0)) i += 2;
    else if ((b[j + 1] ?? 0) < (a[i] ?? 0)) j += 2;
    else return true;
  }
  return false;
}

export function includes(outer: Ranges, inner: Ranges): boolean {
  return !overlaps(negate(outer), inner);
}

/** The parts that stand one after another, groups opened; captures stay whole. */
export function sequenceOf(node: Node): readonly Node[] {
  return node.kind === 'concat'
    ? node.parts.flatMap(sequenceOf)
    : node.kind === 'empty'
      ? []
      : [node];
}
