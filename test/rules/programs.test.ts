/** What built-in patterns cost before any text is seen: a count of instructions, the same on every machine. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { programSize } from '../../engine/lint/program.ts';
import { parsePattern } from '../../engine/regex/parse.ts';
import { conditionPatterns } from '../../engine/rule.ts';
import { buildRules } from '../../scripts/build-rules.ts';

/**
 * `[^)]{0,80}`, of 1,200, compiles in 6.4 ms; no built-in pattern takes more than 4.1 of the same. Rules get 5.
 */
const MAX_INSTRUCTIONS = 800;

const { rules } = buildRules(fileURLToPath(new URL('../../rules/', import.meta.url)));

function size(pattern: string): number {
  const parsed = parsePattern(pattern);
  return parsed.ok ? programSize(parsed.node) : Infinity;
}

test('a counted repeat of a large class is beyond the bound', () => {
  expect(size('[^)]{0,80}')).toBeGreaterThan(MAX_INSTRUCTIONS);
});

test('every pattern and condition compiles to a small program', () => {
  const sizes = rules.flatMap((rule) =>
    [...rule.patterns, ...conditionPatterns(rule).map(({ source }) => source)].map((pattern) => ({
      id: rule.id,
      pattern,
      instructions: size(pattern),
    })),
  );
  expect(sizes.length).toBeGreaterThan(2000);
  expect(sizes.filter(({ instructions }) => instructions > MAX_INSTRUCTIONS)).toEqual([]);
});
