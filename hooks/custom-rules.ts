/** Reads users' rule files for the hook; on its own, since it brings the readers of two formats. */
import type { Rule } from '../engine/rule.ts';
import type { RuleFile } from '../host/rules/files.ts';
import { loadUserRulesIfAny } from '../host/rules/load.ts';
import { formatRuleFileProblem } from '../host/rules/problem.ts';

export interface CustomRules {
  readonly rules: readonly Rule[];
  /** A sentence about each rule that cannot be used, or not as it is written. */
  readonly problems: readonly string[];
}

export async function loadCustomRules(
  files: readonly RuleFile[],
  reservedIds: readonly string[],
): Promise<CustomRules> {
  const loaded = await loadUserRulesIfAny({ files, reservedIds });
  // Notes say where we do better than the Python plugin; `sg test` shows them.
  const problems = loaded.problems.filter(({ level }) => level !== 'note');
  return { rules: loaded.rules, problems: problems.map(formatRuleFileProblem) };
}
