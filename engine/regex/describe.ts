/** What the engine knows of a pattern, for `sg explain` and rule authors. */
import type { PatternError } from './ast.ts';
import { extentOf } from './extent.ts';
import { type Literal, requiredLiterals } from './literals.ts';
import { parsePattern } from './parse.ts';
import { has } from './ranges.ts';

export interface PatternFacts {
  /** Each match contains one of these; empty when there is none, and the pattern is tried on every file. */
  readonly literals: readonly Literal[];
  readonly minBytes: number;
  /** Infinity for an open repeat. */
  readonly maxBytes: number;
  /** Whether an open repeat can run across line feeds. */
  readonly spansLines: boolean;
}

export type PatternDescription =
  | { readonly ok: true; readonly facts: PatternFacts }
  | { readonly ok: false; readonly error: PatternError };

export function describePattern(pattern: string): PatternDescription {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) return parsed;
  const { minBytes, maxBytes, runs } = extentOf(parsed.node);
  const literals = requiredLiterals(parsed.node)?.literals ?? [];
  return { ok: true, facts: { literals, minBytes, maxBytes, spansLines: has(runs, 10) } };
}
