/** What is known about a pattern before any text is seen. */
import type { Node, PatternError } from '../regex/ast.ts';
import { extentOf } from '../regex/extent.ts';
import { type Literal, requiredLiterals } from '../regex/literals.ts';
import { parsePattern } from '../regex/parse.ts';
import type { ByteRange } from '../re2/instance.ts';
import { Reach } from './reach.ts';
import { stepsOf } from './steps.ts';
import type { Traces } from './trace-code.ts';

/** Finds every match in a text without RE2; for patterns with lookaround. */
export interface TextMatcher {
  /**
   * At most `limit` matches in order, leftmost first, as half-open byte ranges of valid UTF-8; undefined once
   * `isOverdue` says so.
   */
  findAll(
    text: Uint8Array,
    limit: number,
    isOverdue?: () => boolean,
  ): readonly ByteRange[] | undefined;
}

export interface PatternPlan {
  readonly source: string;
  /** One of these is in every match; undefined means that the pattern is always tried. */
  readonly literals: readonly Literal[] | undefined;
  /** One literal of each of these sets is in every match, too. */
  readonly further: readonly (readonly Literal[])[];
  /** Reach of a match before and after each literal; present with `literals`. */
  readonly before: Reach;
  readonly after: Reach;
  /** No match is shorter. */
  readonly minBytes: number;
  /** Set for patterns that RE2 cannot express. */
  readonly matcher?: TextMatcher;
}

export type PlanResult =
  | { readonly ok: true; readonly plan: PatternPlan }
  | { readonly ok: false; readonly error: PatternError };

/** Undefined where no occurrence of a literal tells anything: the pattern has none, or is not RE2's. */
export function tracesOf({ literals, matcher, before, after }: PatternPlan): Traces | undefined {
  if (literals === undefined || matcher !== undefined) return undefined;
  return { before: before.trace, after: after.trace };
}

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
    further: required?.further ?? [],
    before: new Reach(() => stepsOf(required?.before ?? node, 'backward', required?.slack ?? 0)),
    after: new Reach(() => stepsOf(required?.after ?? node, 'forward', required?.slack ?? 0)),
    minBytes: extentOf(node).minBytes,
    ...(matcher === undefined ? {} : { matcher }),
  };
}
