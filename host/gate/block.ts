/** Which rules an edit can be denied for. */
import type { Rule } from '../../engine/rule.ts';
import { higher } from './policy.ts';
import type { Policy } from './policy.ts';

/** Those that the policy lists and that are sure and grave. */
export function blockable(rules: readonly Rule[], { block, severity }: Policy): readonly Rule[] {
  return rules.filter((rule) => {
    const least = severity.get(rule.id) ?? rule.severity;
    const isGrave = ['high', 'critical'].includes(higher(rule.severity, least));
    return block.has(rule.id) && rule.confidence === 'high' && isGrave;
  });
}
