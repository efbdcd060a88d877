/** Rules made ready to scan: every pattern planned, one literal index over all of them. */
import { LiteralIndex } from './match/literal-index.ts';
import { type PatternPlan, planPattern, type PlanResult } from './match/plan.ts';
import type { PatternError } from './regex/ast.ts';
import type { Rule } from './rule.ts';
import { compileScope, type ScopePath } from './scope/scope.ts';
import { SUPPRESSION_WORD } from './suppress/parse.ts';
import type { UnlessPlan } from './unless/judge.ts';

/** A rule that was left out, and the field that is to blame. */
export interface RuleProblem {
  readonly ruleId: string;
  /** `patterns[0]`, `unless[1].pattern`, `id`. */
  readonly field: string;
  readonly error: PatternError;
}

export interface ReadyRule {
  readonly rule: Rule;
  readonly plans: readonly number[];
  readonly unless: readonly UnlessPlan[];
  readonly applies: (path: ScopePath) => boolean;
}

export interface RuleSet {
  readonly rules: readonly ReadyRule[];
  readonly plans: readonly PatternPlan[];
  /** Index of the rule that owns a plan. */
  readonly ruleOf: readonly number[];
  /** Plans of `patterns` (not of `unless`) that have no literal. */
  readonly unfiltered: readonly number[];
  readonly isUnless: readonly boolean[];
  readonly index: LiteralIndex;
  readonly problems: readonly RuleProblem[];
}

/** Plans a Python pattern with lookaround; handed in, because most rule sets have none. */
export type PlanLookaround = (source: string) => PlanResult;

export function buildRuleSet(rules: readonly Rule[], planLookaround?: PlanLookaround): RuleSet {
  const ready: ReadyRule[] = [];
  const plans: PatternPlan[] = [];
  const ruleOf: number[] = [];
  const isUnless: boolean[] = [];
  const problems: RuleProblem[] = [];
  const ids = new Set<string>();
  for (const rule of rules) {
    const parts = planRule(rule, planLookaround);
    const duplicate = ids.has(rule.id);
    if (duplicate)
      parts.problems.push(problem(rule.id, 'id', `the id "${rule.id}" is used by an earlier rule`));
    if (parts.problems.length > 0) {
      problems.push(...parts.problems);
      continue;
    }
    ids.add(rule.id);
    const own: number[] = [];
    const add = (plan: PatternPlan, unless: boolean): number => {
      plans.push(plan);
      ruleOf.push(ready.length);
      isUnless.push(unless);
      return plans.length - 1;
    };
    for (const plan of parts.patterns) own.push(add(plan, false));
    const unless = parts.unless.map((plan, i): UnlessPlan => {
      const index = add(plan, true);
      return {
        within: rule.unless[i]?.within ?? 'line',
        source: plan.source,
        plan: plan.literals === undefined ? undefined : index,
      };
    });
    ready.push({ rule, plans: own, unless, applies: compileScope(rule) });
  }
  const mark = { bytes: SUPPRESSION_WORD, foldCase: true };
  const unfiltered = plans.flatMap((plan, i) =>
    plan.literals === undefined && isUnless[i] !== true ? [i] : [],
  );
  return {
    rules: ready,
    plans,
    ruleOf,
    unfiltered,
    isUnless,
    index: new LiteralIndex(plans, mark),
    problems,
  };
}

function planRule(rule: Rule, planLookaround: PlanLookaround | undefined) {
  const problems: RuleProblem[] = [];
  const keep = (result: PlanResult, field: string): PatternPlan[] => {
    if (result.ok) return [result.plan];
    problems.push({ ruleId: rule.id, field, error: result.error });
    return [];
  };
  const patterns = rule.patterns.flatMap((source, i) =>
    keep(planPattern(source), `patterns[${i}]`),
  );
  for (const [i, source] of (rule.lookaround ?? []).entries()) {
    const result = planLookaround?.(source) ?? missing;
    patterns.push(...keep(result, `lookaround[${i}]`));
  }
  const unless = rule.unless.flatMap((condition, i) =>
    keep(planPattern(condition.pattern), `unless[${i}].pattern`),
  );
  return { patterns, unless, problems };
}

const missing: PlanResult = {
  ok: false,
  error: {
    offset: 0,
    length: 0,
    message: 'patterns with lookaround were not enabled by the caller',
  },
};

function problem(ruleId: string, field: string, message: string): RuleProblem {
  return { ruleId, field, error: { offset: 0, length: ruleId.length, message } };
}
