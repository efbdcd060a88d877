/** How many code points a tree can match. */
import type { Node } from './ast.ts';

export interface Width {
  readonly min: number;
  /** Infinity for an open repeat. */
  readonly max: number;
}

export function widthOf(node: Node): Width {
  switch (node.kind) {
    case 'empty':
    case 'assert':
    case 'look':
      return { min: 0, max: 0 };
    case 'class':
    case 'any-byte':
      return { min: 1, max: 1 };
    case 'capture':
      return widthOf(node.node);
    case 'concat': {
      let min = 0;
      let max = 0;
      for (const part of node.parts) {
        const width = widthOf(part);
        min += width.min;
        max += width.max;
      }
      return { min, max };
    }
    case 'alternate': {
      let min = Infinity;
      let max = 0;
      for (const branch of node.branches) {
        const width = widthOf(branch);
        min = Math.min(min, width.min);
        max = Math.max(max, width.max);
      }
      return { min, max };
    }
    case 'repeat': {
      const each = widthOf(node.node);
      return {
        min: each.min * node.min,
        max: each.max === 0 || node.max === 0 ? 0 : each.max * node.max,
      };
    }
  }
}
