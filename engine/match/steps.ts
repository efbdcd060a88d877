/**
 * What stands on one side of a literal inside a match, as steps walking away from the literal. Steps
 * describe a superset of what the pattern allows, so that what they rule out cannot match.
 */
import type { Assertion, Node, Ranges } from '../regex/ast.ts';
import { extentOf } from '../regex/extent.ts';
import { ANY, normalize } from '../regex/ranges.ts';

export type Step =
  /** Exactly one code point of `ranges`. */
  | { readonly kind: 'one'; readonly ranges: Ranges }
  /** Any number of code points of `runs` and at most `outside` others, see `regex/extent.ts`. */
  | { readonly kind: 'some'; readonly runs: Ranges; readonly outside: number }
  /** Nothing, where the assertion holds. */
  | { readonly kind: 'assert'; readonly assertion: Assertion }
  | { readonly kind: 'either'; readonly branches: readonly Steps[] };
export type Steps = readonly Step[];

export type Direction = 'forward' | 'backward';

/** Of a side with more steps, those beyond are one step that covers them all. */
const MAX_STEPS = 192;
/** `[0-9a-f]{3}` is three steps, which tells a token from a word that begins alike. */
const MAX_UNROLLED = 16;

/** `slack`: code points by which the literal may stand away from the side. */
export function stepsOf(node: Node, direction: Direction, slack: number): Steps {
  const lead: Step[] = slack === 0 ? [] : [{ kind: 'some', runs: [], outside: slack }];
  return [...lead, ...shortened(convert(node, direction))];
}

/** What stands next to the literal rules out the most, so it is kept: of alternatives the beginning of each. */
function shortened(steps: Steps, most: number = MAX_STEPS): Steps {
  let left = most;
  for (const [at, step] of steps.entries()) {
    const count = countSteps([step]);
    if (count <= left) {
      left -= count;
      continue;
    }
    const rest: Step = { kind: 'some', ...merged(steps.slice(at)) };
    const each = step.kind === 'either' ? Math.floor(left / step.branches.length) - 1 : 0;
    if (step.kind !== 'either' || each < 1) return [...steps.slice(0, at), rest];
    const branches = step.branches.map((branch) => shortened(branch, each));
    const behind = steps.slice(at + 1);
    return [
      ...steps.slice(0, at),
      { kind: 'either', branches },
      ...(behind.length === 0 ? [] : [{ kind: 'some' as const, ...merged(behind) }]),
    ];
  }
  return steps;
}

function convert(node: Node, direction: Direction): Step[] {
  switch (node.kind) {
    case 'empty':
    case 'look':
      return [];
    case 'assert':
      return [node];
    case 'any-byte':
      return [{ kind: 'some', runs: ANY, outside: 0 }];
    case 'class':
      return [{ kind: 'one', ranges: node.approximate ? ANY : node.ranges }];
    case 'capture':
      return convert(node.node, direction);
    case 'concat': {
      const parts = direction === 'forward' ? node.parts : node.parts.toReversed();
      return parts.flatMap((part) => convert(part, direction));
    }
    case 'alternate':
      return [
        { kind: 'either', branches: node.branches.map((branch) => convert(branch, direction)) },
      ];
    case 'repeat':
      return convertRepeat(node, direction);
  }
}

function convertRepeat(node: Extract<Node, { kind: 'repeat' }>, direction: Direction): Step[] {
  const { min, max } = node;
  if (max === 0) return [];
  if (min === 0 && max === 1)
    return [{ kind: 'either', branches: [[], convert(node.node, direction)] }];
  const isClass = node.node.kind === 'class';
  const rest: Step = { kind: 'some', ...runsOf(node) };
  // Of what is no class one round is met first, then whatever the repeat can hold.
  const met = isClass ? Math.min(min, MAX_UNROLLED) : Math.min(min, 1);
  const rounds = Array.from({ length: met }, () => convert(node.node, direction)).flat();
  return isClass && met === max ? rounds : [...rounds, rest];
}

function runsOf(node: Node): { runs: Ranges; outside: number } {
  const { runs, outside } = extentOf(node);
  return { runs, outside };
}

function countSteps(steps: Steps): number {
  return steps.reduce(
    (sum, step) => sum + (step.kind === 'either' ? 1 + countAll(step.branches) : 1),
    0,
  );
}

function countAll(branches: readonly Steps[]): number {
  return branches.reduce((sum, branch) => sum + countSteps(branch), 0);
}

/** One step that covers a sequence. */
export function merged(steps: Steps): { runs: Ranges; outside: number } {
  const runs: number[] = [];
  let outside = 0;
  for (const step of steps) {
    if (step.kind === 'one') outside += 1;
    else if (step.kind === 'some') {
      runs.push(...step.runs);
      outside += step.outside;
    } else if (step.kind === 'either') {
      const branches = step.branches.map(merged);
      for (const branch of branches) runs.push(...branch.runs);
      outside += Math.max(0, ...branches.map((branch) => branch.outside));
    }
  }
  return { runs: normalize(runs), outside };
}
