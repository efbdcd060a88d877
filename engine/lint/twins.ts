/** Patterns that two rules have in common, for the same files and under the same conditions. */
import { matchingPart } from '../matching-part.ts';
import type { Rule } from '../rule.ts';
import type { Advice } from './advice.ts';

/** Advice by the id of the rule that comes later. */
export function adviseTwins(rules: readonly Rule[]): Map<string, Advice[]> {
  const first = new Map<string, string>();
  const advice = new Map<string, Advice[]>();
  for (const rule of rules) {
    const part = matchingPart(rule);
    for (const [index, pattern] of rule.patterns.entries()) {
      const name = JSON.stringify({ ...part, patterns: pattern });
      const owner = first.get(name);
      if (owner === undefined) first.set(name, rule.id);
      if (owner === undefined || owner === rule.id) continue;
      advice.set(rule.id, [
        ...(advice.get(rule.id) ?? []),
        {
          code: 'duplicate-pattern',
          level: 'warning',
          field: ['patterns', index],
          message: `the rule "${owner}" has the same pattern for the same files`,
          help: 'keep it in one of the two',
        },
      ]);
    }
  }
  return advice;
}
