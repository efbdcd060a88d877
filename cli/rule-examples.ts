/** Judges the examples of rules with the real scanner. */
import type { Example, Rule } from '../engine/rule.ts';
import type { Scanner } from '../engine/scanner.ts';

/**
 * `validated`: a no-match example is clean. `reported`: a match example is hit. `noisy`: a no-match example
 * is hit. `missing`: a match example is not.
 */
export type Verdict = 'validated' | 'reported' | 'noisy' | 'missing';

export interface JudgedExample {
  readonly verdict: Verdict;
  readonly example: Example;
  /** Position in its list, from 0. */
  readonly index: number;
  readonly list: 'match' | 'no-match';
  /** 1-based line in the example where the rule hit, for a noisy one. */
  readonly hitLine?: number;
  /** `file:line` of the example, where it was looked up. */
  readonly place?: string;
}

export interface JudgedRule {
  readonly rule: Rule;
  readonly examples: readonly JudgedExample[];
}

const encoder = new TextEncoder();

/** Scans each example under its path; only findings of the example's own rule count. */
export function judgeExamples(rule: Rule, scanner: Scanner): JudgedRule {
  const judge =
    (list: 'match' | 'no-match') =>
    (example: Example, index: number): JudgedExample => {
      const { findings } = scanner.scan(example.path, encoder.encode(example.code));
      const hit = findings.find(({ ruleId }) => ruleId === rule.id);
      if (list === 'match')
        return { verdict: hit === undefined ? 'missing' : 'reported', example, index, list };
      if (hit === undefined) return { verdict: 'validated', example, index, list };
      return { verdict: 'noisy', example, index, list, hitLine: hit.start.line };
    };
  return {
    rule,
    examples: [
      ...rule.examples.match.map(judge('match')),
      ...rule.examples.noMatch.map(judge('no-match')),
    ],
  };
}

export function countVerdicts(rules: readonly JudgedRule[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { validated: 0, reported: 0, noisy: 0, missing: 0 };
  for (const { examples } of rules) for (const { verdict } of examples) counts[verdict] += 1;
  return counts;
}
