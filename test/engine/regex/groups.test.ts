/** Names of groups, against the syntax tree. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node } from '../../../engine/regex/ast.ts';
import { groupNames } from '../../../engine/regex/groups.ts';
import { parsePattern } from '../../../engine/regex/parse.ts';
import { conditionPatterns } from '../../../engine/rule.ts';
import { buildRules } from '../../../scripts/build-rules.ts';
import { pattern, wordyPattern } from '../match/arbitraries.ts';

function namesIn(node: Node): (string | undefined)[] {
  switch (node.kind) {
    case 'capture':
      return [node.name, ...namesIn(node.node)];
    case 'concat':
      return node.parts.flatMap(namesIn);
    case 'alternate':
      return node.branches.flatMap(namesIn);
    case 'repeat':
    case 'look':
      return namesIn(node.node);
    case 'empty':
    case 'class':
    case 'any-byte':
    case 'assert':
      return [];
  }
}

function expectNames(source: string): number {
  const parsed = parsePattern(source);
  if (!parsed.ok) return 0;
  const names = namesIn(parsed.node);
  expect({ source, names: groupNames(source) }).toEqual({ source, names });
  return names.length;
}

test('of every built-in pattern', () => {
  const { rules } = buildRules(fileURLToPath(new URL('../../../rules/', import.meta.url)));
  const sources = rules.flatMap((rule) => [
    ...rule.patterns,
    ...conditionPatterns(rule).map(({ source }) => source),
  ]);
  expect(sources.reduce((sum, source) => sum + expectNames(source), 0)).toBeGreaterThan(100);
});

test.each([
  ['(a)(?P<b>c)(?:f)(?i:g)(?s)(.)', 3],
  ['\\(a\\)(b)', 1],
  ['[(]([)(])[]()]([^](]x)', 2],
  ['[[:alpha:](]([[:^digit:])])', 1],
  ['\\Q(a)\\E(b)\\Q(c', 1],
  ['[\\](](a)', 1],
  ['((a)|(b(c)))*', 4],
])('%s', (source, count) => {
  expect(expectNames(source)).toBe(count);
});

test('of any pattern', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '(?:',
    '(?P<a>',
    '[',
    ']',
    '^',
    '\\(',
    '\\[',
    '|',
    'x',
    '[^]',
  );
  const odd = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  let groups = 0;
  fc.assert(
    fc.property(fc.oneof(pattern, wordyPattern, odd), (source) => {
      groups += expectNames(source);
    }),
    { numRuns: 3_000 },
  );
  expect(groups).toBeGreaterThan(200);
});
