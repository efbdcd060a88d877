/** Rules made ready to scan: every pattern planned, a literal index over all of them, another over conditions. */
import { indexLiterals } from './match/index-literals.ts';
import type { LiteralIndex, OccurrencesByPlan } from './match/literal-index.ts';
import { type PackedPlans, unpackPlan } from './match/packed-plan.ts';
import { type PatternPlan, planPattern, type PlanResult, tracesOf } from './match/plan.ts';
import type { Traces } from './match/trace-code.ts';
import type { LanguageId } from './language.ts';
import type { Kernel } from './prefilter/kernel.ts';
import type { PatternError } from './regex/ast.ts';
import type { Literal } from './regex/literals.ts';
import { groupNames } from './regex/groups.ts';
import { type Condition, conditionPatterns, conditionsOf, type Rule } from './rule.ts';
import { once, onceEach } from './once.ts';
import { compileLanguages } from './scope/scope.ts';
import { Scopes } from './scope/scopes.ts';
import type { RuleScope, SearchSet } from './sight.ts';
import { SUPPRESSION_WORD } from './suppress/parse.ts';
import type { ConditionPlan, Conditions } from './conditions/judge.ts';

/** A rule that was left out, and the field that is to blame. */
export interface RuleProblem {
  readonly ruleId: string;
  /** `patterns[0]`, `unless[1].pattern`, `requires[0].pattern`, `id`. */
  readonly field: string;
  readonly error: PatternError;
}

export interface ReadyRule extends RuleScope {
  readonly rule: Rule;
  readonly conditions: Conditions;
  /** Whether the rule is for files in a language; asked before `applies`. */
  readonly speaks: (language: LanguageId | undefined) => boolean;
}

/** Rules and plans by index. */
export interface RuleSet extends SearchSet {
  readonly rule: (index: number) => ReadyRule | undefined;
  readonly ruleById: (id: string) => ReadyRule | undefined;
  /** Every rule. */
  readonly all: () => readonly ReadyRule[];
  readonly plan: (index: number) => PatternPlan | undefined;
  /** Of a plan; undefined for those that are tried whatever stands around their literals. */
  readonly traces: (plan: number) => Traces | undefined;
  /** As `search`, for some patterns of conditions, as `ConditionPlan.plan` counts them. */
  readonly searchConditions: (plans: readonly number[], text: Uint8Array) => OccurrencesByPlan;
  /** Names of a plan's groups by number, when its rule asks for any; undefined for those without a name. */
  readonly groupsOf: (plan: number) => readonly (string | undefined)[] | undefined;
  readonly problems: readonly RuleProblem[];
}

/** A set of which everything is at hand. */
export interface PlannedRuleSet extends RuleSet {
  readonly rules: readonly ReadyRule[];
  /** Plans of all rules' patterns. */
  readonly plans: readonly PatternPlan[];
  /** Index of the rule that owns a plan. */
  readonly ruleOf: readonly number[];
  /** Plans of all rules' conditions. */
  readonly conditionPlans: readonly PatternPlan[];
  /** By plan 1 where its rule speaks the language. */
  readonly wantedFor: (language: LanguageId | undefined) => Uint8Array;
}

/** Looked for in every text, beside the literals. */
export const MARK: Literal = { bytes: SUPPRESSION_WORD, foldCase: true };

/** Plans a Python pattern with lookaround; handed in, because most rule sets have none. */
export type PlanLookaround = (source: string) => PlanResult;

export interface RuleSetOptions {
  readonly planLookaround?: PlanLookaround;
  /** Plans made at build time, of rules that were there; other patterns are planned here. */
  readonly packed?: (rule: Rule) => PackedPlans | undefined;
  /** Finds literals faster; without it an automaton in JavaScript does. Not shared between scanners at work. */
  readonly kernel?: Kernel;
  /** Ids that other rules have already. */
  readonly taken?: Iterable<string>;
}

export function buildRuleSet(rules: readonly Rule[], options: RuleSetOptions = {}): PlannedRuleSet {
  const ready: ReadyRule[] = [];
  const plans: PatternPlan[] = [];
  const ruleOf: number[] = [];
  const conditionPlans: PatternPlan[] = [];
  const problems: RuleProblem[] = [];
  const ids = new Set(options.taken);
  const scopes = new Scopes();
  for (const rule of rules) {
    const parts = planRule(rule, options);
    const duplicate = ids.has(rule.id);
    if (duplicate)
      parts.problems.push(problem(rule.id, 'id', `the id "${rule.id}" is used by an earlier rule`));
    if (parts.problems.length > 0) {
      problems.push(...parts.problems);
      continue;
    }
    ids.add(rule.id);
    for (const plan of parts.patterns) {
      plans.push(plan);
      ruleOf.push(ready.length);
    }
    ready.push(readyRule(rule, parts.conditions, conditionPlans.length, scopes));
    conditionPlans.push(...parts.conditions.map(({ plan }) => plan));
  }
  let index: LiteralIndex | undefined;
  let conditionIndex: LiteralIndex | undefined;
  const wantedFor = onceEach((language: LanguageId | undefined) =>
    Uint8Array.from(ruleOf, (rule) => (ready[rule]?.speaks(language) === true ? 1 : 0)),
  );
  return {
    rules: ready,
    plans,
    ruleOf,
    conditionPlans,
    wantedFor,
    rule: (index) => ready[index],
    ruleById: (id) => ready.find(({ rule }) => rule.id === id),
    all: () => ready,
    plan: (index) => plans[index],
    traces: onceEach((index: number) => {
      const plan = plans[index];
      return plan && tracesOf(plan);
    }),
    scope: (index) => ready[index],
    ownerOf: (plan) => ruleOf[plan] ?? 0,
    unfiltered: plans.flatMap((plan, i) => (plan.literals === undefined ? [i] : [])),
    speaks: (plan, language) => wantedFor(language)[plan] === 1,
    search(text, language) {
      index ??= indexLiterals(plans, [MARK], options.kernel);
      return index.search(text, wantedFor(language));
    },
    searchConditions(plans, text) {
      conditionIndex ??= indexLiterals(conditionPlans, [], options.kernel);
      return conditionIndex.searchFor(plans, text).occurrences;
    },
    groupsOf: onceEach((plan: number) => groupsOf(ready[ruleOf[plan] ?? 0], plans[plan])),
    problems,
  };
}

/** `firstCondition`: what the first condition is counted as. */
export function readyRule(
  rule: Rule,
  planned: readonly PlannedCondition[],
  firstCondition: number,
  scopes: Scopes,
): ReadyRule {
  const conditions = planned.map(({ condition, plan }, i): ConditionPlan => ({
    within: condition.within,
    lines: condition.lines ?? 0,
    of: condition.of,
    isVariable: condition.is === 'variable',
    without: condition.without ?? [],
    source: plan.source,
    plan: plan.literals === undefined ? undefined : firstCondition + i,
    literals: plan.literals ?? [],
    where: condition.where ?? [],
    names: once(() => groupNames(plan.source)),
    // What the build packs of a condition ends with its literals: few slices are so long that more is needed.
    whole: once(() => {
      const planned = planPattern(plan.source);
      return planned.ok ? planned.plan : undefined;
    }),
  }));
  const required = rule.requires?.length ?? 0;
  return {
    rule,
    conditions: { requires: conditions.slice(0, required), unless: conditions.slice(required) },
    speaks: compileLanguages(rule),
    applies: scopes.of(rule),
    isForAll: rule.languages === undefined,
    isBuiltin: rule.origin === 'builtin',
  };
}

export function groupsOf(
  ready: ReadyRule | undefined,
  plan: PatternPlan | undefined,
): readonly (string | undefined)[] | undefined {
  if (ready === undefined) return undefined;
  const { where, secret } = ready.rule;
  const isAsked =
    where !== undefined ||
    secret !== undefined ||
    conditionsOf(ready.rule).some(
      ({ condition: { where, of } }) => where !== undefined || of !== undefined,
    );
  return isAsked ? groupNames(plan?.source ?? '') : undefined;
}

export interface PlannedCondition {
  readonly condition: Condition;
  readonly plan: PatternPlan;
}

/** What the parts of a rule are planned as. */
export interface PlannedRule {
  readonly patterns: readonly PatternPlan[];
  readonly conditions: readonly PlannedCondition[];
  readonly problems: RuleProblem[];
}

export function planRule(rule: Rule, { planLookaround, packed }: RuleSetOptions): PlannedRule {
  const plans = packed?.(rule);
  const plan = (source: string): PlanResult => {
    const known = plans === undefined ? undefined : unpackPlan(plans, source);
    return known === undefined ? planPattern(source) : { ok: true, plan: known };
  };
  const problems: RuleProblem[] = [];
  const keep = (result: PlanResult, field: string): PatternPlan[] => {
    if (result.ok) return [result.plan];
    problems.push({ ruleId: rule.id, field, error: result.error });
    return [];
  };
  const patterns = rule.patterns.flatMap((source, i) => keep(plan(source), `patterns[${i}]`));
  for (const [i, source] of (rule.lookaround ?? []).entries()) {
    const result = planLookaround?.(source) ?? missing;
    patterns.push(...keep(result, `lookaround[${i}]`));
  }
  const conditions = conditionsOf(rule).flatMap(({ field, condition }) =>
    keep(condition.is === undefined ? plan(condition.pattern) : planPattern(''), field).map(
      (plan): PlannedCondition => ({ condition, plan }),
    ),
  );
  // Those of a pack were planned when it was made.
  if (plans === undefined)
    for (const { field, source } of conditionPatterns(rule))
      if (field.includes('.without')) keep(planPattern(source), field);
  return { patterns, conditions, problems };
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
