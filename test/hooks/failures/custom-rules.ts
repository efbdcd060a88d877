/** Rule files of a project. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CustomRule {
  readonly name: string;
  readonly regex: string;
}

/** Writes a project's rule file; a text is written as it is. */
export function writeRules(root: string, rules: readonly CustomRule[] | string): void {
  const folder = join(root, '.claude');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'security-patterns.json'),
    typeof rules === 'string'
      ? rules
      : JSON.stringify({
          patterns: rules.map(({ name, regex }) => ({
            rule_name: name,
            regex,
            reminder: `This is what ${name} says.`,
          })),
        }),
  );
}

export function removeRules(root: string): void {
  rmSync(join(root, '.claude'), { recursive: true });
}
