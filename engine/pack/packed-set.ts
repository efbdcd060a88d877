/**
 * A rule set over a `RulePack`: a rule is read, planned and kept when it is first asked for. Users' rules, which no build
 * has seen, come behind those of the pack.
 */
import type { ConditionPlan } from '../conditions/judge.ts';
import { AutomatonIndex } from '../match/automaton-index.ts';
import { distinctLiterals } from '../match/index-literals.ts';
import type { OccurrencesByPlan } from '../match/literal-index.ts';
import type { PatternPlan } from '../match/plan.ts';
import {
  groupsOf,
  MARK,
  planRule,
  type PlannedRuleSet,
  type PlannedRule,
  type ReadyRule,
  readyRule,
  type RuleSet,
} from '../rule-set.ts';
import { onceEach } from '../once.ts';
import type { Kernel } from '../prefilter/kernel.ts';
import { openIndex, openOwners } from './packed-index.ts';
import { PackedSearch } from './packed-search.ts';
import type { RulePack } from './rule-pack.ts';

export interface PackUse {
  /** In which the pack's image is. */
  readonly kernel: Kernel | undefined;
  /** Where there is a kernel, made with it. */
  readonly search: PackedSearch | undefined;
  /** Ids of those rules of the pack that are in the set; all when it is undefined. */
  readonly only: ReadonlySet<string> | undefined;
}

export function packedRuleSet(pack: RulePack, own: PlannedRuleSet, use: PackUse): RuleSet {
  const { kernel, only } = use;
  const { ids, planCount, conditionCount } = pack;
  const ownRules = own.rules.map((ready) => behind(ready, conditionCount));
  const known: (Known | undefined)[] = ids.map(() => undefined);
  const knownAt = (index: number): Known => {
    const { rule, plans: packed } = pack.record(index);
    const planned = planRule(rule, { packed: () => packed });
    const firstCondition = pack.conditionStarts[index] ?? 0;
    return { planned, ready: readyRule(rule, planned.conditions, firstCondition, search.scopes) };
  };
  const at = (index: number): Known => (known[index] ??= knownAt(index));
  const rule = (index: number): ReadyRule | undefined =>
    index < ids.length ? at(index).ready : ownRules[index - ids.length];
  const plan = (index: number): PatternPlan | undefined => {
    if (index >= planCount) return own.plans[index - planCount];
    const owner = pack.ruleOf(index);
    return at(owner).planned.patterns[index - (pack.planStarts[owner] ?? 0)];
  };
  const ownerOf = (index: number): number =>
    index < planCount ? pack.ruleOf(index) : ids.length + (own.ruleOf[index - planCount] ?? 0);

  const search =
    use.search ??
    new PackedSearch(
      pack,
      new AutomatonIndex(
        openOwners(pack.patterns),
        () =>
          distinctLiterals(
            ids.flatMap((_, index) => at(index).planned.patterns),
            [MARK],
          ).literals,
      ),
      only,
    );
  const conditionIndex =
    kernel === undefined
      ? new AutomatonIndex(
          openOwners(pack.conditions),
          () =>
            distinctLiterals(
              ids.flatMap((_, index) => at(index).planned.conditions.map(({ plan }) => plan)),
              [],
            ).literals,
        )
      : openIndex(pack.conditions, kernel);
  const isIn = (id: string): boolean => only === undefined || only.has(id);

  return {
    rule,
    ruleById(id) {
      const index = ids.indexOf(id);
      return index < 0 || !isIn(id) ? ownRules.find(({ rule }) => rule.id === id) : at(index).ready;
    },
    all: () => [...ids.flatMap((id, index) => (isIn(id) ? at(index).ready : [])), ...ownRules],
    plan,
    traces: (index) => (index < planCount ? pack.traces(index) : own.traces(index - planCount)),
    scope: (index) => (index < ids.length ? search.scope(index) : own.scope(index - ids.length)),
    ownerOf,
    speaks: (index, language) =>
      index < planCount ? search.speaks(index, language) : own.speaks(index - planCount, language),
    unfiltered: [...search.unfiltered, ...own.unfiltered.map((index) => index + planCount)],
    search(text, language) {
      const first = search.search(text, language);
      if (own.plans.length === 0) return first;
      const { flagged, occurrences } = own.search(text, language);
      return {
        ...first,
        flagged: [...first.flagged, ...flagged.map((index) => index + planCount)],
        occurrences: joined(first.occurrences, planCount, occurrences),
      };
    },
    searchConditions(plans, text) {
      const ours = plans.filter((plan) => plan < conditionCount);
      const users = plans.filter((plan) => plan >= conditionCount);
      const occurrences: OccurrencesByPlan =
        ours.length === 0 ? new Map() : conditionIndex.searchFor(ours, text).occurrences;
      if (users.length === 0) return occurrences;
      const others = own.searchConditions(
        users.map((plan) => plan - conditionCount),
        text,
      );
      return joined(occurrences, conditionCount, others);
    },
    groupsOf: onceEach((index: number) => groupsOf(rule(ownerOf(index)), plan(index))),
    problems: own.problems,
  };
}

interface Known {
  readonly planned: PlannedRule;
  readonly ready: ReadyRule;
}

/** Conditions are counted on from those of the pack. */
function behind(ready: ReadyRule, count: number): ReadyRule {
  const moved = (condition: ConditionPlan): ConditionPlan => ({
    ...condition,
    plan: condition.plan === undefined ? undefined : condition.plan + count,
  });
  const { requires, unless } = ready.conditions;
  return { ...ready, conditions: { requires: requires.map(moved), unless: unless.map(moved) } };
}

function joined(
  first: OccurrencesByPlan,
  count: number,
  second: OccurrencesByPlan,
): OccurrencesByPlan {
  const all = new Map(first);
  for (const [index, occurrences] of second) all.set(count + index, occurrences);
  return all;
}
