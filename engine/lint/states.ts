/**
 * Counted repeats that make RE2 build very many states. In `x[^)]{0,40}y` an `x` may stand inside the repeat,
 * so the automaton has to know for each of the last 40 characters whether one stood there: up to 2^40 states.
 */
import type { Node, Ranges } from '../regex/ast.ts';
import { has } from '../regex/ranges.ts';
import { extentOf } from '../regex/extent.ts';
import { includes, overlaps, sequenceOf } from './sets.ts';

/** Most states that any counted repeat of the pattern asks for; 1 when none does. */
export function mostStates(node: Node): number {
  return statesAfter(node, []);
}

function statesAfter(node: Node, prefix: readonly Node[]): number {
  switch (node.kind) {
    case 'concat': {
      const parts = sequenceOf(node);
      return Math.max(
        1,
        ...parts.map((part, at) => statesAfter(part, [...prefix, ...parts.slice(0, at)])),
      );
    }
    case 'alternate':
      return Math.max(1, ...node.branches.map((branch) => statesAfter(branch, prefix)));
    case 'capture':
      return statesAfter(node.node, prefix);
    case 'repeat': {
      const runs = node.node.kind === 'class' ? node.node.ranges : undefined;
      if (runs === undefined || node.max === Infinity || node.max < 2)
        return statesAfter(node.node, prefix);
      const before: Node = { kind: 'concat', parts: [...prefix] };
      if (!canRestart(before, runs)) return 1;
      return spacedSubsets(node.max, Math.max(1, extentOf(before).minBytes));
    }
    case 'empty':
    case 'class':
    case 'any-byte':
    case 'assert':
    case 'look':
      return 1;
  }
}

/** Whether `prefix` can begin anew among `runs`, and can as well not: only then there is something to know. */
function canRestart(prefix: Node, runs: Ranges): boolean {
  return canLieWithin(prefix, runs) && tells(prefix, runs);
}

function canLieWithin(node: Node, runs: Ranges): boolean {
  switch (node.kind) {
    case 'class':
      return node.approximate || overlaps(node.ranges, runs);
    case 'concat':
      return node.parts.every((part) => canLieWithin(part, runs));
    case 'alternate':
      return node.branches.some((branch) => canLieWithin(branch, runs));
    case 'capture':
      return canLieWithin(node.node, runs);
    case 'repeat':
      return node.min === 0 || canLieWithin(node.node, runs);
    case 'assert':
      if (node.assertion === 'line-begin' || node.assertion === 'line-end') return has(runs, 10);
      if (node.assertion === 'word-boundary') return has(runs, 0x20) || has(runs, 0x2e);
      return node.assertion === 'not-word-boundary';
    case 'any-byte':
    case 'empty':
    case 'look':
      return true;
  }
}

/** Whether some of `runs` cannot go on with the prefix. */
function tells(node: Node, runs: Ranges): boolean {
  switch (node.kind) {
    case 'class':
      return !node.approximate && !includes(node.ranges, runs);
    case 'concat':
      return node.parts.some((part) => tells(part, runs));
    case 'alternate':
      return node.branches.every((branch) => tells(branch, runs));
    case 'capture':
      return tells(node.node, runs);
    case 'repeat':
      return node.min > 0 && tells(node.node, runs);
    case 'any-byte':
    case 'empty':
    case 'assert':
    case 'look':
      return false;
  }
}

/** In how many ways marks at least `gap` apart can stand on `length` places. */
function spacedSubsets(length: number, gap: number): number {
  const ways: number[] = [];
  for (let n = 0; n < length; n++) ways.push((ways[n - 1] ?? 1) + (ways[n - gap] ?? 1));
  return ways.at(-1) ?? 1;
}
