/**
 * How far a match can reach, so that a window around a literal provably contains it.
 *
 * `runs` is the union of all classes under an open repeat. A match holds at most `outside` code points
 * that are not in `runs`; walking away from a literal until one more than that has been seen therefore
 * leaves every match behind. `foo.*bar` has runs `[^\n]` and outside 0: the line. `a{3}` has no runs and
 * outside 3. `[\s\S]*` has everything in `runs`: the whole text.
 */
import type { Node, Ranges } from './ast.ts';
import { ANY, normalize } from './ranges.ts';

export interface Extent {
  /** Fewest bytes that a match can have. */
  readonly minBytes: number;
  /** Most bytes that a match can have, or Infinity. */
  readonly maxBytes: number;
  readonly runs: Ranges;
  readonly outside: number;
}

export function extentOf(node: Node): Extent {
  const pairs: number[] = [];
  collectRuns(node, false, pairs);
  const runs = normalize(pairs);
  return { ...bytesOf(node), runs, outside: outsideOf(node, runs) };
}

function collectRuns(node: Node, open: boolean, into: number[]): void {
  switch (node.kind) {
    case 'class':
      if (open) into.push(...(node.approximate ? ANY : node.ranges));
      return;
    case 'any-byte':
      // A single byte may be half a code point, so counting code points would be wrong.
      into.push(...ANY);
      return;
    case 'concat':
      for (const part of node.parts) collectRuns(part, open, into);
      return;
    case 'alternate':
      for (const branch of node.branches) collectRuns(branch, open, into);
      return;
    case 'repeat':
      if (node.max > 0) collectRuns(node.node, open || node.max === Infinity, into);
      return;
    case 'capture':
      collectRuns(node.node, open, into);
      return;
    case 'empty':
    case 'assert':
    case 'look':
      return;
  }
}

function outsideOf(node: Node, runs: Ranges): number {
  switch (node.kind) {
    case 'class':
      return isSubset(node.approximate ? ANY : node.ranges, runs) ? 0 : 1;
    case 'any-byte':
      return 0;
    case 'concat':
      return node.parts.reduce((sum, part) => sum + outsideOf(part, runs), 0);
    case 'alternate':
      return node.branches.reduce((most, branch) => Math.max(most, outsideOf(branch, runs)), 0);
    case 'repeat': {
      const each = node.max === 0 ? 0 : outsideOf(node.node, runs);
      return each === 0 ? 0 : each * node.max;
    }
    case 'capture':
      return outsideOf(node.node, runs);
    case 'empty':
    case 'assert':
    case 'look':
      return 0;
  }
}

function isSubset(inner: Ranges, outer: Ranges): boolean {
  for (let i = 0; i + 1 < inner.length; i += 2) {
    const low = inner[i] ?? 0;
    const high = inner[i + 1] ?? 0;
    let inside = false;
    for (let j = 0; j + 1 < outer.length && !inside; j += 2) {
      inside = (outer[j] ?? 0) <= low && high <= (outer[j + 1] ?? 0);
    }
    if (!inside) return false;
  }
  return true;
}

interface Bytes {
  readonly minBytes: number;
  readonly maxBytes: number;
}

function bytesOf(node: Node): Bytes {
  switch (node.kind) {
    case 'class': {
      if (node.ranges.length === 0) return { minBytes: 1, maxBytes: 1 };
      if (node.approximate) return { minBytes: 1, maxBytes: 4 };
      return {
        minBytes: utf8Length(node.ranges[0] ?? 0),
        maxBytes: utf8Length(node.ranges.at(-1) ?? 0),
      };
    }
    case 'any-byte':
      return { minBytes: 1, maxBytes: 1 };
    case 'concat':
      return node.parts.map(bytesOf).reduce(
        (sum, part) => ({
          minBytes: sum.minBytes + part.minBytes,
          maxBytes: sum.maxBytes + part.maxBytes,
        }),
        { minBytes: 0, maxBytes: 0 },
      );
    case 'alternate': {
      const all = node.branches.map(bytesOf);
      return {
        minBytes: Math.min(...all.map((branch) => branch.minBytes)),
        maxBytes: Math.max(...all.map((branch) => branch.maxBytes)),
      };
    }
    case 'repeat': {
      const each = bytesOf(node.node);
      return {
        minBytes: each.minBytes * node.min,
        maxBytes: each.maxBytes === 0 || node.max === 0 ? 0 : each.maxBytes * node.max,
      };
    }
    case 'capture':
      return bytesOf(node.node);
    case 'empty':
    case 'assert':
    case 'look':
      return { minBytes: 0, maxBytes: 0 };
  }
}

/** Bytes that UTF-8 needs for a code point. */
export function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
