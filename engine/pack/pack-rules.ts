/** Writes the file of a `RulePack`; a part of the build. */
import { LANGUAGES } from '../language.ts';
import { packPlans } from '../match/packed-plan.ts';
import type { Kernel } from '../prefilter/kernel.ts';
import type { Rule } from '../rule.ts';
import type { ScopedRule } from '../scope/scope.ts';
import { buildRuleSet, MARK, type PlannedRuleSet } from '../rule-set.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import { packIndex } from './pack-index.ts';
import type { PackedRule } from './rule-pack.ts';
import { startsOf, writeSections } from './sections.ts';

/** `kernel` has to be new. Throws for rules that cannot be planned, or only where lookaround is. */
export function packRules(rules: readonly Rule[], kernel: Kernel): Uint8Array {
  const set = buildRuleSet(rules);
  const [problem] = set.problems;
  if (problem !== undefined)
    throw new Error(`${problem.ruleId}: ${problem.field}: ${problem.error.message}`);
  const records = set.rules.map((_, index) => encodeUtf8(JSON.stringify(recordOf(set, index))));
  const patterns = set.rules.map((_, index) => plansOf(set, index).length);
  const conditions = set.rules.map((_, index) => conditionsOf(set, index).length);
  const indexes = [
    packIndex(set.plans, [MARK], kernel, true),
    packIndex(set.conditionPlans, [], kernel, false),
  ];
  const scopes = distinctScopes(rules);
  return writeSections([
    encodeUtf8(JSON.stringify(rules.map(({ id }) => id))),
    startsOf(records.map(({ length }) => length)),
    concat(records),
    startsOf(patterns),
    startsOf(conditions),
    Uint32Array.from(set.unfiltered),
    // For each language, and for paths of none, a byte a plan.
    concat([undefined, ...LANGUAGES].map((language) => set.wantedFor(language))),
    kernel.image(),
    ...indexes,
    encodeUtf8(JSON.stringify(scopes.distinct)),
    Uint16Array.from(scopes.of),
  ]);
}

function distinctScopes(rules: readonly Rule[]): { distinct: ScopedRule[]; of: number[] } {
  const indexes = new Map<string, number>();
  const distinct: ScopedRule[] = [];
  const of = rules.map(({ languages, paths, excludePaths, globs }) => {
    const scope = JSON.parse(
      JSON.stringify({ languages, paths, excludePaths, globs }),
    ) as ScopedRule;
    const name = JSON.stringify(scope);
    const index = indexes.get(name) ?? distinct.push(scope) - 1;
    indexes.set(name, index);
    return index;
  });
  return { distinct, of };
}

function recordOf(set: PlannedRuleSet, index: number): PackedRule {
  const rule = set.rules[index]?.rule;
  if (rule === undefined || rule.lookaround !== undefined)
    throw new Error(`rule ${index} cannot be packed`);
  return { rule, plans: packPlans(plansOf(set, index), conditionsOf(set, index)) };
}

function plansOf({ plans, ruleOf }: PlannedRuleSet, index: number): typeof plans {
  return plans.filter((_, plan) => ruleOf[plan] === index);
}

function conditionsOf(
  { conditionPlans, rules }: PlannedRuleSet,
  index: number,
): typeof conditionPlans {
  const countOf = (rule: number): number => {
    const { requires, unless } = rules[rule]?.conditions ?? { requires: [], unless: [] };
    return requires.length + unless.length;
  };
  let start = 0;
  for (let rule = 0; rule < index; rule++) start += countOf(rule);
  return conditionPlans.slice(start, start + countOf(index));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
