/** What the build packed finds what the rules themselves find. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Rule } from '../../engine/rule.ts';
import { createScanner } from '../../engine/scanner.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { createSecretScanner } from '../../host/review/secret-scanner.ts';
import { secretRules } from '../../orchestrator/redact-rules.ts';
import { testRuntime } from '../support/wasm.ts';

const dist = (name: string): string =>
  fileURLToPath(new URL(`../../dist/cli/${name}`, import.meta.url));

test('the packed rules are those of the source, and find what those find', () => {
  const packed = createSecretScanner({
    wasm: dist('re2.wasm'),
    secretsPack: dist('secrets.pack'),
  });
  const plain = createScanner({ rules: secretRules(), wasm: testRuntime });
  for (const rule of secretRules())
    expect(packed.rule(rule.id)).toMatchObject({ patterns: rule.patterns, unless: [] });
  const rules = JSON.parse(readFileSync(dist('rules.json'), 'utf8')) as Rule[];
  // RE2 takes some ten milliseconds to compile and first search each form.
  const some = rules.filter(({ file = '' }) => file.startsWith('secrets/')).filter(isTenth);
  const found = new Set<string>();
  for (const { id, examples } of some) {
    const codes = [...examples.match, ...examples.noMatch].map(({ code }) => code);
    const bytes = encodeUtf8(codes.join('\n'));
    const result = plain.scan(id, bytes);
    expect(packed.scan(id, bytes)).toEqual(result);
    for (const { ruleId } of result.findings) found.add(ruleId);
  }
  expect(found.size).toBeGreaterThan(some.length / 2);
});

const isTenth = (_: unknown, index: number): boolean => index % 10 === 0;
