/**
 * A rule set over a `RulePack`: a rule is read, planned and kept when it is first asked for. Users' rules, which no build
 * has seen, come behind those of the pack.
 */
import type { ConditionPlan } from '../conditions/judge.ts';
import { LiteralIndex, type OccurrencesByPlan, type Sighting } from '../match/literal-index.ts';
import type { PatternPlan } from '../match/plan.ts';
import { ByteTables } from '../match/reach.ts';
import {
  groupsOf,
  MARK,
  onceEach,
  planRule,
  type PlannedRuleSet,
  type PlannedRule,
  type ReadyRule,
  readyRule,
  type RuleSet,
  Scopes,
} from '../rule-set.ts';
import type { RulePack } from './rule-pack.ts';

export function packedRuleSet(pack: RulePack, own: PlannedRuleSet): RuleSet {
  const { ids, planCount, conditionCount } = pack;
  const ownRules = own.rules.map((ready) => behind(ready, conditionCount));
  const scopes = new Scopes();
  const bytes = new ByteTables();
  const known: (Known | undefined)[] = ids.map(() => undefined);
  const knownAt = (index: number): Known => {
    const { rule, plans: packed } = pack.record(index);
    const planned = planRule(rule, { packed }, bytes);
    const firstCondition = pack.conditionStarts[index] ?? 0;
    return { planned, ready: readyRule(rule, planned.conditions, firstCondition, scopes) };
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

  // Where `(?i)` takes other characters for letters, which texts in few languages have.
  let folding: LiteralIndex | undefined;
  const searchFolding = (text: Uint8Array, wanted: Uint8Array): Sighting => {
    folding ??= new LiteralIndex(
      ids.flatMap((_, index) => at(index).planned.patterns),
      [MARK],
    );
    return folding.search(text, wanted);
  };
  let foldingConditions: LiteralIndex | undefined;
  const searchConditionsFolding = (text: Uint8Array): Sighting => {
    foldingConditions ??= new LiteralIndex(
      ids.flatMap((_, index) => at(index).planned.conditions.map(({ plan }) => plan)),
      [],
    );
    return foldingConditions.search(text);
  };

  return {
    rule,
    ruleById(id) {
      const index = ids.indexOf(id);
      return index < 0 ? own.ruleById(id) : at(index).ready.rule;
    },
    all: () => [...ids.map((_, index) => at(index).ready), ...ownRules],
    plan,
    ownerOf,
    unfiltered: [...pack.unfiltered, ...own.unfiltered.map((index) => index + planCount)],
    search(text, language) {
      const wanted = pack.wantedFor(language);
      const first = pack.patterns.search(text, wanted) ?? searchFolding(text, wanted);
      if (own.plans.length === 0) return first;
      const { flagged, occurrences } = own.search(text, language);
      return {
        ...first,
        flagged: [...first.flagged, ...flagged.map((index) => index + planCount)],
        occurrences: joined(first.occurrences, planCount, occurrences),
      };
    },
    searchConditions(text) {
      const { occurrences } = pack.conditions.search(text) ?? searchConditionsFolding(text);
      return own.conditionPlans.length === 0
        ? occurrences
        : joined(occurrences, conditionCount, own.searchConditions(text));
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
  const all = [...first];
  all.length = count;
  second.forEach((occurrences, index) => {
    all[count + index] = occurrences;
  });
  return all;
}
