/**
 * What a pattern costs before any text is seen: the size of the program that RE2 compiles it to. RE2 repeats
 * what a counted repeat holds, and writes a class beyond ASCII as sequences of bytes; both are counted here.
 */
import type { Node, Ranges } from '../regex/ast.ts';

/** Byte sequences that RE2 needs, on average, for the part of a class that lies beyond ASCII. */
const BEYOND_ASCII = 12;

/** Instructions of the compiled program; an estimate, and the same on every machine. */
export function programSize(node: Node): number {
  switch (node.kind) {
    case 'empty':
    case 'look':
      return 0;
    case 'any-byte':
    case 'assert':
      return 1;
    case 'class':
      return classSize(node.ranges, node.approximate);
    case 'concat':
      return node.parts.reduce((sum, part) => sum + programSize(part), 0);
    case 'alternate':
      return node.branches.reduce((sum, branch) => sum + programSize(branch) + 1, -1);
    case 'capture':
      return programSize(node.node) + 2;
    case 'repeat': {
      const each = programSize(node.node);
      if (node.max === Infinity) return each * Math.max(1, node.min) + 1;
      return each * node.max + (node.max - node.min);
    }
  }
}

function classSize(ranges: Ranges, approximate: boolean): number {
  if (approximate) return BEYOND_ASCII;
  let ascii = 0;
  for (let i = 0; i < ranges.length; i += 2) if ((ranges[i] ?? 0) < 0x80) ascii++;
  return Math.max(1, ascii) + ((ranges.at(-1) ?? 0) > 0x7f ? BEYOND_ASCII : 0);
}
