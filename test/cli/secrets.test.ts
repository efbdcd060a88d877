/** What `sg scan` writes about a secret, in every format: never the secret. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TEXT_JSON_OR_SARIF } from '../../cli/format-option.ts';
import { isBuilt, RULE, useFolder } from './helpers/cli.ts';

const { root, write, scan } = useFolder();

const VALUE = 'kJ8s2mQp0vXz7LrT4wYb';
const SHORT = 'hunter2';
const TOKEN = RULE.replace('no-evil', 'token')
  .replace(String.raw`\bevil\s*\(`, String.raw`\btoken = "(?P<value>[^"]*)"`)
  .replace('in: code', 'in: any\nsecret: value')
  .replace(/examples:[\s\S]*/, '');

describe.skipIf(!isBuilt)('a secret', () => {
  it.each(TEXT_JSON_OR_SARIF.choices)('is masked in %s', async (format) => {
    write({
      'r/token.yaml': TOKEN,
      't/a.py': [
        `token = "${VALUE}"`,
        `evil(1); token = "${VALUE}"; same = "${VALUE}"`,
        `evil(2); x = "${'é'.repeat(90)}"; token = "${SHORT}"`,
        `token = "${SHORT}"  # sg-ignore: token -- made up`,
        `token = "${VALUE}"  # sg-ignore: no-evil -- nothing here`,
        '',
      ].join('\n'),
    });
    const result = await scan(['t', '--format', format, '--show-suppressed', '-o', 'out']);
    const written = readFileSync(join(root(), 'out'), 'utf8');
    expect(result.code).toBe(1);
    expect(written).toContain('kJ8s…');
    for (const text of [written, result.stdout, result.stderr]) {
      expect(text).not.toContain(VALUE);
      expect(text).not.toContain(VALUE.slice(0, 8));
      expect(text).not.toContain(SHORT);
    }
  });
});
