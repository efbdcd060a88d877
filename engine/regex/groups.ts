/** The capturing groups of a pattern. */
import type { Node } from './ast.ts';
import { parsePattern } from './parse.ts';

/** Names of the groups in the order in which RE2 counts them, undefined for those without; none for a bad pattern. */
export function groupNames(source: string): readonly (string | undefined)[] {
  const parsed = parsePattern(source);
  return parsed.ok ? namesIn(parsed.node) : [];
}

function namesIn(node: Node): (string | undefined)[] {
  switch (node.kind) {
    case 'capture':
      return [node.name, ...namesIn(node.node)];
    case 'concat':
      return node.parts.flatMap(namesIn);
    case 'alternate':
      return node.branches.flatMap(namesIn);
    case 'repeat':
    case 'look':
      return namesIn(node.node);
    case 'empty':
    case 'class':
    case 'any-byte':
    case 'assert':
      return [];
  }
}
