/** Our patterns in the syntax of a rival that reads them all as one. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { forRust } from '../../bench/rivals.bench.ts';
import { buildRules } from '../../scripts/build-rules.ts';

const { rules } = buildRules(fileURLToPath(new URL('../../rules/', import.meta.url)));

test.each([
  [String.raw`(?P<callee>exec)\(`, String.raw`(?:exec)\(`],
  [String.raw`(?<callee>exec)`, '(?:exec)'],
  [String.raw`\(?P<b>`, String.raw`\(?P<b>`],
  [String.raw`\\(?P<callee>a)`, String.raw`\\(?:a)`],
  [String.raw`\"\/\w\.`, String.raw`"/\w\.`],
])('%s is %s for Rust', (pattern, expected) => {
  expect(forRust(pattern)).toBe(expected);
});

test('no pattern that ripgrep is given names a group', () => {
  const patterns = rules.filter(({ parity }) => parity).flatMap((rule) => rule.patterns);
  const isNamed = (pattern: string): boolean => /(?<!\\)\(\?P?<\w/.test(pattern);
  expect(patterns.filter(isNamed)).not.toEqual([]);
  expect(patterns.map(forRust).filter(isNamed)).toEqual([]);
});
