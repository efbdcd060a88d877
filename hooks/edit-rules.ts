/** The rules that speak after an edit: built-in ones whose confidence is high, and a user's own. */
import { readFileSync } from 'node:fs';
import type { Example, Rule } from '../engine/rule.ts';
import type { RuleLocations } from '../host/rules/files.ts';
import type { Config } from '../host/config.ts';

/** Reads `rules.json`; it is written and validated by our own build, so nothing more is checked here. */
export function readEditRules(file: string): readonly Rule[] {
  const rules: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isRuleList(rules)) throw new TypeError(`${file}: expected a list of rules`);
  return rules.filter(({ confidence }) => confidence === 'high');
}

/** Reads `warm-up.json`. */
export function readWarmUp(file: string): readonly Example[] {
  const texts: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isExampleList(texts)) throw new TypeError(`${file}: expected a list of texts`);
  return texts;
}

/** Where an edit's own rules are looked for. */
export function ruleLocations(
  { configDir }: Pick<Config, 'configDir'>,
  projectDir: string | undefined,
): RuleLocations {
  return {
    ...(configDir === undefined ? {} : { configDir }),
    ...(projectDir === undefined ? {} : { projectDir }),
  };
}

function isRuleList(value: unknown): value is readonly Rule[] {
  return Array.isArray(value);
}

function isExampleList(value: unknown): value is readonly Example[] {
  return Array.isArray(value);
}
