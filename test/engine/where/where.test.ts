/** What a rule asks of the groups of a match. */
import { describe, expect, test } from 'vitest';
import type { LanguageId } from '../../../engine/language.ts';
import { lex } from '../../../engine/lexer/lex.ts';
import type { GroupCondition } from '../../../engine/rule.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { isConstant } from '../../../engine/where/constant.ts';
import { entropyOf } from '../../../engine/where/entropy.ts';
import { isPlaceholder } from '../../../engine/where/placeholder.ts';
import { places, rule, scanText } from '../scan-text.ts';

describe('`is`: an expression of literals alone is constant', () => {
  const isConstantAt = (language: LanguageId | undefined, expression: string): boolean => {
    const before = language === 'php' ? '<?php f(' : 'f(';
    const bytes = encodeUtf8(`${before}${expression})`);
    const range = { start: before.length, end: bytes.length - 1 };
    return isConstant(bytes, lex(bytes, language), range, language);
  };

  test.each<[LanguageId | undefined, string]>([
    ['python', '"ls -l"'],
    ['python', '["ls", "-l"], shell=True'],
    ['python', "b'x' + r'\\d'"],
    ['python', '"a" "b" % (1, 2.5e3)'],
    ['python', '"a", # note\n None'],
    ['python', ''],
    ['javascript', "`ls` + 'x', { shell: true }"],
    ['typescript', 'null, undefined, 0x1f, -1'],
    ['go', '"sh", "-c", `ls`'],
    ['java', 'new String[] {"a"}'.replace('new String', '')],
    ['php', '"a" . \'$b\''],
    ['ruby', '"a", :b, c: 1'],
    ['kotlin', '"""a"""'],
    ['csharp', '@"a", name: "b"'],
    ['rust', 'b"a"'],
    ['swift', '"a"'],
    ['shell', 'rm -rf \'$a\' "b"'],
    ['yaml', 'echo hello'],
  ])('%s: %s', (language, expression) => {
    expect(isConstantAt(language, expression)).toBe(true);
  });

  test.each<[LanguageId | undefined, string]>([
    ['python', 'cmd'],
    ['python', '"ls " + d'],
    ['python', 'f"ls {d}"'],
    ['python', '"ls %s" % d'],
    ['python', '"ls", env=e'],
    ['python', 'a == 1'],
    ['javascript', '`ls ${d}`'],
    ['javascript', '{ shell: s }'],
    ['javascript', 'tagged`x`'],
    ['go', 'fmt.Sprintf("a")'],
    ['java', '"a" + b'],
    ['php', '"a $b"'],
    ['php', '$b'],
    ['ruby', '"a #{b}"'],
    ['kotlin', '"a $b"'],
    ['csharp', '$"a {b}"'],
    ['rust', 'format!("{a}")'],
    ['swift', String.raw`"a \(b)"`],
    ['shell', 'rm "$a"'],
    ['shell', 'rm $(a)'],
    ['yaml', 'echo ${{ a.b }}'],
    [undefined, 'a'],
  ])('not so in %s: %s', (language, expression) => {
    expect(isConstantAt(language, expression)).toBe(false);
  });
});

test.each<[string, number]>([
  ['', 0],
  ['aaaa', 0],
  ['abab', 1],
  ['abcd', 2],
  ['abcdefgh', 3],
  ['éé', 1],
])('entropy of %j is %d bits a byte', (text, bits) => {
  expect(entropyOf(encodeUtf8(text))).toBeCloseTo(bits, 10);
});

describe('placeholders', () => {
  test.each(
    'xxxxxxxx|ABCDXxXx1234|1234567890|0123456789abcdef|your_api_key|YOUR-TOKEN|my_secret|<token>|${TOKEN}|$TOKEN|{{ token }}|%(token)s|%TOKEN%|__TOKEN__|changeme|change-me|aaaaaaaa|abababab|********|...|example-key|some_password|insert-token-here|put-it-here|Todo|none||a1b2c3example'.split(
      '|',
    ),
  )('%j is one', (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  test.each([
    'hunter2',
    'Tr0ub4dor&3',
    'kJ8s2mQp0vXz7LrT',
    '9f86d081884c7d65',
    'latest-build-7Hq',
    'contestant9',
    'mysql4Life',
  ])('%j is none', (value) => {
    expect(isPlaceholder(value)).toBe(false);
  });
});

describe('`where`', () => {
  const set = (
    where: readonly GroupCondition[],
    pattern = 'set\\((?P<a>\\w*)(?:, (?P<b>\\w*))?\\)',
  ) => rule('r', pattern, { where });
  const lines = (where: readonly GroupCondition[], content: string) =>
    places(scanText([set(where)], 'a.js', content).findings);

  test('entropy at least', () => {
    const content = 'set(aaaaaaaa)\nset(abcdefgh)\nset(abababab)';
    expect(lines([{ group: 'a', entropy: 3 }], content)).toEqual(['r@2']);
    expect(lines([{ group: 'a', entropy: 3.1 }], content)).toEqual([]);
  });

  test('stop words in any case', () => {
    expect(lines([{ group: 'a', stopWords: ['tEst'] }], 'set(myTESTkey)\nset(key)')).toEqual([
      'r@2',
    ]);
    expect(lines([{ group: 'a', stopWords: true }], 'set(changeme)\nset(key)')).toEqual(['r@2']);
  });

  test('groups compared', () => {
    const content = 'set(x, x)\nset(x, y)\nset(x)';
    expect(lines([{ group: 'a', equals: 'b' }], content)).toEqual(['r@1']);
    expect(lines([{ group: 'a', differs: 'b' }], content)).toEqual(['r@2']);
  });

  test('constant and variable', () => {
    const content = 'set(1)\nset(a)';
    expect(lines([{ group: 'a', is: 'constant' }], content)).toEqual(['r@1']);
    expect(lines([{ group: 'a', is: 'variable' }], content)).toEqual(['r@2']);
  });

  test('a group that took no part holds nothing', () => {
    expect(lines([{ group: 'b', is: 'variable' }], 'set(x)')).toEqual([]);
    expect(lines([{ group: 'b', stopWords: ['z'] }], 'set(x)')).toEqual([]);
  });

  test('a match that does not hold gives way to one of another pattern', () => {
    const it = rule('r', ['ab(?P<a>c)', 'b(?P<a>cd)'], {
      where: [{ group: 'a', stopWords: ['c'] }],
    });
    expect(scanText([it], 'a.js', 'abcd').findings).toEqual([]);
    const other = rule('r', ['ab(?P<a>c)', 'b(?P<a>cd)'], { where: [{ group: 'a', entropy: 1 }] });
    expect(scanText([other], 'a.js', 'abcd').findings).toHaveLength(1);
  });

  test('the same in a window far into a text with other scripts', () => {
    const content = `${'é😀 '.repeat(5_000)}\nset(abc, abc)\nset(é)`;
    expect(lines([{ group: 'a', equals: 'b' }], content)).toEqual(['r@2']);
  });
});
