/** `where` of a condition: a match of its pattern counts only with the groups that are asked for. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../engine/rule.ts';
import { rule, scanText } from '../scan-text.ts';

const CHECKED: Condition = {
  within: 'before',
  lines: 9,
  pattern: '\\b(?P<checked>\\w+)\\s*=\\s*clean\\(',
  where: [{ group: 'checked', equals: 'used' }],
};

const sink = (unless: readonly Condition[], requires?: readonly Condition[]) =>
  rule('r', ['run\\((?P<used>\\w+)\\)', 'start\\((?P<used>\\w+),'], {
    unless,
    ...(requires === undefined ? {} : { requires }),
  });

describe('a group of the condition and one of the match', () => {
  test.each<[string, string, number]>([
    ['the same name', 'a = clean(x)\nrun(a)', 0],
    ['the same name, for another pattern', 'a = clean(x)\nstart(a, b)', 0],
    ['another name', 'b = clean(x)\nrun(a)', 1],
    ['a name that begins with it', 'ab = clean(x)\nrun(a)', 1],
    ['a name that ends with it', 'ba = clean(x)\nrun(a)', 1],
    ['the same name below another', 'b = clean(x)\na = clean(x)\nrun(a)', 0],
    ['one of two sinks', 'a = clean(x)\nrun(a); run(b)', 1],
    ['in another case', 'A = clean(x)\nrun(a)', 1],
    ['in a comment', '// a = clean(x)\nrun(a)', 1],
    ['nowhere', 'run(a)', 1],
  ])('%s', (_, content, count) => {
    const { findings, incomplete } = scanText([sink([CHECKED])], 'a.js', content);
    expect(findings).toHaveLength(count);
    expect(incomplete).toEqual([]);
    // What cancels a match is what lets it stand where it is required.
    const required = scanText([sink([], [CHECKED])], 'a.js', content);
    expect(required.findings).toHaveLength((content.match(/run|start/gu)?.length ?? 0) - count);
  });

  test('which differ', () => {
    const other: Condition = { ...CHECKED, where: [{ group: 'checked', differs: 'used' }] };
    expect(scanText([sink([other])], 'a.js', 'a = clean(x)\nrun(a)').findings).toHaveLength(1);
    expect(scanText([sink([other])], 'a.js', 'b = clean(x)\nrun(a)').findings).toHaveLength(0);
  });

  test('that took no part in the match is equal to none', () => {
    const condition: Condition = { ...CHECKED, within: 'file' };
    const maybe = rule('r', 'run\\((?P<used>\\w+)?\\)', { unless: [condition] });
    expect(scanText([maybe], 'a.js', 'a = clean(x)\nrun(a); run()').findings).toHaveLength(1);
  });
});

test('groups of the condition alone, by what they are and among each other', () => {
  const condition = (where: Condition['where']): Condition => ({
    within: 'line',
    pattern: '(?P<a>\\w+) == (?P<b>\\w+)',
    ...(where === undefined ? {} : { where }),
  });
  const lines = (where: Condition['where']): number[] =>
    scanText(
      [rule('r', 'evil', { unless: [condition(where)] })],
      'a.js',
      'evil x == x\nevil x == y\nevil 1 == 2',
    ).findings.map(({ start }) => start.line);
  expect(lines(undefined)).toEqual([]);
  expect(lines([{ group: 'a', equals: 'b' }])).toEqual([2, 3]);
  expect(lines([{ group: 'a', is: 'constant' }])).toEqual([1, 2]);
  expect(lines([{ group: 'b', stopWords: ['Y'] }])).toEqual([2]);
});

/** Of no word that the patterns have. */
const FILLER = ' ...;\n'.repeat(800);

test('a match of any place counts, in short slices and long ones', () => {
  const seen = { holds: 0, fails: 0 };
  const word = fc.stringMatching(/^[ab]{1,2}$/);
  const piece = fc.oneof(
    fc.tuple(word, word).map((names) => names.join('=')),
    fc.constantFrom(' ', '\n', '=', 'é', '😀'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), word, fc.boolean(), (pieces, used, isLong) => {
      const content = `${isLong ? FILLER : ''}${pieces.join('')}\nevil(${used})`;
      const pattern = '(?P<a>[ab]+)=(?P<b>[ab]+)';
      const condition: Condition = {
        within: 'file',
        pattern,
        where: [
          { group: 'a', equals: 'b' },
          { group: 'a', equals: 'used' },
        ],
      };
      const it = rule('r', 'evil\\((?P<used>\\w+)', { requires: [condition] });
      const naive = /([ab]+)=([ab]+)/y;
      let expected = false;
      for (let at = 0; at < content.length; at++) {
        naive.lastIndex = at;
        const [, a, b] = naive.exec(content) ?? [];
        if (a === b && a === used) expected = true;
      }
      const { findings, incomplete } = scanText([it], 'a.unknown', content);
      expect(incomplete).toEqual([]);
      expect(findings.length > 0).toBe(expected);
      seen[expected ? 'holds' : 'fails']++;
    }),
    { numRuns: 500 },
  );
  expect(seen.holds).toBeGreaterThan(30);
  expect(seen.fails).toBeGreaterThan(30);
});

test('where reading again takes too long, the match stands and is said to be undecided', () => {
  // Each place reads on to the end, so all of them together read the square of the text.
  const condition: Condition = {
    within: 'file',
    pattern: '(?P<a>x)[^!]*(?P<b>y|$)',
    where: [{ group: 'a', equals: 'used' }],
  };
  const it = rule('r', 'evil\\((?P<used>\\w+)', { unless: [condition] });
  const { findings, incomplete } = scanText([it], 'a.unknown', `${'x'.repeat(30_000)}\nevil(z)`);
  expect(findings).toHaveLength(1);
  expect(incomplete).toEqual([
    {
      path: 'a.unknown',
      ruleId: 'r',
      reason: 'conditions were not decided for every match; the finding is kept',
    },
  ]);
});
