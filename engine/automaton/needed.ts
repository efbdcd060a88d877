/** Support for lookaround, loaded only for rules that have it: its tables of Python's character classes take time. */
import type { PlanLookaround } from '../rule-set.ts';
import type { Rule } from '../rule.ts';

/** For the options of a scanner of `rules`. */
export async function lookaroundFor(
  rules: readonly Pick<Rule, 'lookaround'>[],
): Promise<{ readonly planLookaround?: PlanLookaround }> {
  return rules.some(({ lookaround }) => lookaround !== undefined) ? import('./plan.ts') : {};
}
