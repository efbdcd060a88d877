/** What stands in three rules has a name, so that it is mended in one place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fieldsOf } from '../../host/rules/document.ts';
import { parseRuleDocument } from '../../host/rules/yaml-document.ts';

const RULES = fileURLToPath(new URL('../../rules', import.meta.url));
/** A shorter guard says what it is for by itself. */
const LONG = 60;
const MANY = 3;

function conditionsOf(file: string): string[] {
  const parsed = parseRuleDocument(readFileSync(join(RULES, file), 'utf8'), {
    format: 'yaml',
    uniqueKeys: true,
  });
  if (!parsed.ok) throw new Error(parsed.reason);
  const fields = fieldsOf(parsed.value);
  return ['requires', 'unless'].flatMap((key) => {
    const list = fields?.get(key);
    const entries: readonly unknown[] = Array.isArray(list) ? list : [];
    return entries.map((entry) => String(fieldsOf(entry)?.get('pattern')).trim());
  });
}

test('no long condition is written out in three rules', () => {
  const files = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  );
  const rulesOf = new Map<string, string[]>();
  for (const file of files)
    for (const condition of new Set(conditionsOf(file)))
      rulesOf.set(condition, [...(rulesOf.get(condition) ?? []), file]);
  expect(rulesOf.get('(?&shell_quoting)')?.length).toBeGreaterThan(MANY);
  const repeated = [...rulesOf].filter(
    ([condition, rules]) => condition.length >= LONG && rules.length >= MANY,
  );
  expect(repeated).toEqual([]);
});
