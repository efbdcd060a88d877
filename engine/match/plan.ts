/** What is known about a pattern before any text is seen. */
import type { Node, PatternError, Ranges } from '../regex/ast.ts';
import { extentOf } from '../regex/extent.ts';
import { type Literal, requiredLiterals } from '../regex/literals.ts';
import { parsePattern } from '../regex/parse.ts';
import type { ByteRange } from '../re2/instance.ts';
import { Reach, type ReachStep } from './reach.ts';

/** Finds every match in a text without RE2; for patterns with lookaround. */
export interface TextMatcher {
  /** At most `limit` matches in order, leftmost first, as half-open byte ranges of valid UTF-8. */
  findAll(text: Uint8Array, limit: number): readonly ByteRange[];
}

export interface PatternPlan {
  readonly source: string;
  /** One of these is in every match; undefined means that the pattern is always tried. */
  readonly literals: readonly Literal[] | undefined;
  /** Reach of a match before and after each literal; present with `literals`. */
  readonly before: Reach;
  readonly after: Reach;
  /** Set for patterns that RE2 cannot express. */
  readonly matcher?: TextMatcher;
}

export type PlanResult =
  | { readonly ok: true; readonly plan: PatternPlan }
  | { readonly ok: false; readonly error: PatternError };

/** Plans a pattern in RE2 syntax. */
export function planPattern(source: string): PlanResult {
  const parsed = parsePattern(source);
  if (!parsed.ok) return parsed;
  return { ok: true, plan: planNode(source, parsed.node) };
}

/** Plans a parsed pattern; `matcher` replaces RE2 for it, and then always sees the whole text. */
export function planNode(source: string, node: Node, matcher?: TextMatcher): PatternPlan {
  const required = requiredLiterals(node);
  return {
    source,
    literals: required?.literals,
    before: reachOf(required?.before ?? node, required?.slack ?? 0, 'backward'),
    after: reachOf(required?.after ?? node, required?.slack ?? 0, 'forward'),
    ...(matcher === undefined ? {} : { matcher }),
  };
}

const NO_RUNS: Ranges = [];

/** Steps of the parts of `node`, neighbours merged where they let the same bytes through. */
function reachOf(node: Node, slack: number, direction: 'forward' | 'backward'): Reach {
  const parts = partsOf(node);
  if (direction === 'backward') parts.reverse();
  const steps: ReachStep[] = slack === 0 ? [] : [{ outside: slack, runs: NO_RUNS }];
  for (const part of parts) {
    const { runs, outside } = extentOf(part);
    const last = steps.at(-1);
    if (runs.length === 0 && outside === 0) continue;
    if (last !== undefined && sameRanges(last.runs, runs)) {
      steps[steps.length - 1] = { runs, outside: last.outside + outside };
    } else steps.push({ outside, runs });
  }
  return new Reach(steps);
}

function sameRanges(a: Ranges, b: Ranges): boolean {
  return a.length === b.length && a.every((bound, index) => bound === b[index]);
}

/** The parts of nested sequences in order; anything else is one part. */
function partsOf(node: Node): Node[] {
  if (node.kind === 'capture') return partsOf(node.node);
  return node.kind === 'concat' ? node.parts.flatMap(partsOf) : [node];
}
