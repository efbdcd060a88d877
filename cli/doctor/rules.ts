/** The built-in rules and the users' own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../host/config.ts';
import { loadUserRulesIfAny } from '../../host/rules/load.ts';
import type { LoadedRules } from '../../host/rules/load.ts';
import { formatRuleFileProblem } from '../../host/rules/problem.ts';
import type { Io } from '../io.ts';
import { builtinRules } from '../scan/rules.ts';
import { counted } from '../words.ts';
import { fail, ok, warn } from './check.ts';
import type { Check } from './check.ts';

/** `project` is absolute. */
export async function checkRules(io: Io, config: Config, project: string): Promise<Check[]> {
  const action = 'build or install the package again';
  let ids: string[];
  try {
    ids = builtinRules(io).map(({ id }) => id);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return [fail('rules', `the built-in rules cannot be read: ${reason}`, action)];
  }
  const atEdits = countRules(join(io.assets.plugin, 'rules.json'));
  const said = `${ids.length} built-in, ${atEdits ?? 'an unknown number'} of them at every edit`;
  const builtin = atEdits === 0 ? fail('rules', said, action) : ok('rules', said);
  const custom = await loadUserRulesIfAny({
    ...(config.configDir === undefined ? {} : { configDir: config.configDir }),
    projectDir: project,
    reservedIds: ids,
  });
  return [builtin, ...customChecks(custom, project)];
}

function customChecks({ rules, problems, files }: LoadedRules, project: string): Check[] {
  if (files.length === 0) return [ok('custom rules', `none for you and ${project}`)];
  const checks = problems
    .filter(({ level }) => level !== 'note')
    .map((problem) => {
      const text = formatRuleFileProblem(problem);
      return problem.level === 'error'
        ? fail('custom rules', text, 'correct the rule; "sg test FILE" shows whether it holds')
        : warn('custom rules', text, 'correct the rule, or leave it when this is what you want');
    });
  const summary = `${counted(rules.length, 'rule')} from ${counted(files.length, 'file')}: ${files.join(', ')}`;
  return [ok('custom rules', summary), ...checks];
}

function countRules(file: string): number | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(value) ? value.length : undefined;
  } catch {
    return undefined;
  }
}
