/** Inline suppressions: what they hide, where they are honoured, and what is said about them. */
import { describe, expect, test } from 'vitest';
import type { ScanResult } from '../../../engine/finding.ts';
import { places, rule, scanText } from '../scan-text.ts';

const RULES = [
  rule('no-evil', 'evil\\('),
  rule('no-bad', 'bad\\('),
  rule('only-python', 'worse\\(', { languages: ['python'] }),
];

/** What is shown, then what is hidden with its reason. */
function outcome(path: string, content: string): { shown: string[]; hidden: string[] } {
  const result: ScanResult = scanText(RULES, path, content);
  return {
    shown: places(result.findings),
    hidden: result.suppressed.map(
      ({ finding, reason, line }) =>
        `${finding.ruleId}@${finding.start.line} by ${line}: ${reason}`,
    ),
  };
}

describe('what a suppression hides', () => {
  test.each<[string, string, string[], string[]]>([
    ['on the same line', 'evil() // sg-ignore: no-evil -- why', [], ['no-evil@1 by 1: why']],
    [
      'alone on the line above',
      '// sg-ignore: no-evil -- why\nevil()',
      [],
      ['no-evil@2 by 1: why'],
    ],
    [
      'indented on the line above',
      '  // sg-ignore: no-evil -- why\n  evil()',
      [],
      ['no-evil@2 by 1: why'],
    ],
    [
      'behind code on the line above',
      'x() // sg-ignore: no-evil -- why\nevil()',
      ['unused-suppression@1', 'no-evil@2'],
      [],
    ],
    [
      'two lines above',
      '// sg-ignore: no-evil -- why\n\nevil()',
      ['unused-suppression@1', 'no-evil@3'],
      [],
    ],
    [
      'on the line below',
      'evil()\n// sg-ignore: no-evil -- why',
      ['no-evil@1', 'unused-suppression@2'],
      [],
    ],
    [
      'stacked above',
      '// sg-ignore: no-evil -- one\n// sg-ignore: no-bad -- two\nevil(bad())',
      [],
      ['no-evil@3 by 1: one', 'no-bad@3 by 2: two'],
    ],
    [
      'two ids',
      '// sg-ignore: no-evil, no-bad -- why\nevil(bad())',
      [],
      ['no-evil@2 by 1: why', 'no-bad@2 by 1: why'],
    ],
    [
      'ids without a space',
      'evil(bad()) // sg-ignore: no-evil,no-bad -- why',
      [],
      ['no-evil@1 by 1: why', 'no-bad@1 by 1: why'],
    ],
    [
      'another rule',
      'evil() // sg-ignore: no-bad -- why',
      ['no-evil@1', 'unused-suppression@1'],
      [],
    ],
    [
      'one of two findings',
      'evil(bad()) // sg-ignore: no-bad -- why',
      ['no-evil@1'],
      ['no-bad@1 by 1: why'],
    ],
    [
      'twice the same on a line',
      'evil(); evil() // sg-ignore: no-evil -- why',
      [],
      ['no-evil@1 by 1: why', 'no-evil@1 by 1: why'],
    ],
    ['in capitals', 'evil() // SG-Ignore: no-evil -- why', [], ['no-evil@1 by 1: why']],
    [
      'before a CRLF',
      'evil() // sg-ignore: no-evil -- why\r\nbad()',
      ['no-bad@2'],
      ['no-evil@1 by 1: why'],
    ],
    [
      'two on one line, alone',
      '/* sg-ignore: no-evil -- a */ /* sg-ignore: no-bad -- b */\nevil(bad())',
      [],
      ['no-evil@2 by 1: a', 'no-bad@2 by 1: b'],
    ],
    [
      'with dashes in its reason',
      'evil() // sg-ignore: no-evil -- a -- b',
      [],
      ['no-evil@1 by 1: a -- b'],
    ],
  ])('%s', (_, content, shown, hidden) => {
    expect(outcome('a.js', content)).toEqual({ shown, hidden });
  });

  test('a match of several lines is hidden from any of them', () => {
    const it = rule('long', 'evil\\([^)]*\\)');
    const { findings, suppressed } = scanText(
      [it],
      'a.js',
      'evil(\n  1, // sg-ignore: long -- why\n)',
    );
    expect([findings.length, suppressed.length]).toEqual([0, 1]);
  });

  // Two comments on a line above a third: the first of the two must reach through as well.
  test('two on one line, stacked above another', () => {
    const content =
      '/* sg-ignore: no-evil -- a */ /* sg-ignore: no-bad -- b */\n// sg-ignore: x -- c\nevil(bad())';
    expect(outcome('a.js', content).shown).toEqual([]);
  });

  test.each(['café-regel', 'team:no-evil', 'règle/日本', 'a.b_c'])('the id %s', (id) => {
    const content = `evil() // sg-ignore: ${id} -- why`;
    const { findings, suppressed } = scanText([rule(id, 'evil\\(')], 'a.js', content);
    expect([findings.length, suppressed.length]).toEqual([0, 1]);
  });
});

describe('what is said about suppressions', () => {
  test.each<[string, string, string[]]>([
    ['no reason', 'evil() // sg-ignore: no-evil', ['no-evil@1', 'suppression-without-reason@1']],
    [
      'an empty reason',
      'evil() // sg-ignore: no-evil --',
      ['no-evil@1', 'suppression-without-reason@1'],
    ],
    [
      'blanks for a reason',
      'evil() // sg-ignore: no-evil --   ',
      ['no-evil@1', 'suppression-without-reason@1'],
    ],
    [
      'a reason without dashes',
      'evil() // sg-ignore: no-evil it is fine',
      ['no-evil@1', 'suppression-without-reason@1'],
    ],
    [
      'a reason cut off by the end of the comment',
      'evil() /* sg-ignore: no-evil --*/ // why',
      ['no-evil@1', 'suppression-without-reason@1'],
    ],
    ['nothing to hide', 'x() // sg-ignore: no-evil -- why', ['unused-suppression@1']],
    [
      'nothing to hide for one of two',
      'evil() // sg-ignore: no-evil, no-bad -- why',
      ['unused-suppression@1'],
    ],
    ['a rule that does not exist', 'x() // sg-ignore: no-such-rule -- why', []],
    ['a rule for other files', 'x() // sg-ignore: only-python -- why', []],
    ['no id', 'evil() // sg-ignore -- why', ['no-evil@1']],
    [
      'a word that only ends like it',
      'evil() // msg-ignore: no-evil -- why',
      ['unused-suppression@1'].slice(1),
    ],
  ])('%s', (_, content, shown) => {
    expect(outcome('a.js', content).shown).toEqual(shown);
  });

  test('the reports have a place, a snippet and an identity of their own', () => {
    const { findings } = scanText(RULES, 'a.js', 'ok();\n\tx() // sg-ignore: no-evil -- why');
    expect(findings).toEqual([
      {
        ruleId: 'unused-suppression',
        path: 'a.js',
        severity: 'low',
        confidence: 'high',
        start: { line: 2, column: 9, offset: 14 },
        end: { line: 2, column: 18, offset: 23 },
        snippet: 'x() // sg-ignore: no-evil -- why',
        key: 'unused-suppression\0no-evil',
      },
    ]);
  });

  test('a rule that could not be decided does not leave its suppression unused', () => {
    const content =
      'evil(); evil(); evil(); // sg-ignore: other -- why\n// sg-ignore: no-evil -- why\n';
    const { findings } = scanText(RULES, 'a.js', content, { maxMatches: 1 });
    expect(places(findings)).toEqual(['no-evil@1']);
  });
});

describe('comment syntaxes', () => {
  test.each([
    ['a.js', 'evil() // sg-ignore: no-evil -- why'],
    ['a.js', '/* sg-ignore: no-evil -- why */ evil()'],
    ['a.js', '/**\n * sg-ignore: no-evil -- why\n */ evil()'],
    ['a.py', 'evil() # sg-ignore: no-evil -- why'],
    ['a.sh', 'evil() # sg-ignore: no-evil -- why'],
    ['a.yaml', 'a: evil() # sg-ignore: no-evil -- why'],
    ['a.sql', 'evil() -- sg-ignore: no-evil -- why'],
    ['a.css', 'evil() /* sg-ignore: no-evil -- why */'],
    ['a.html', 'evil() <!-- sg-ignore: no-evil -- why -->'],
    ['a.html', '<!-- sg-ignore: no-evil -- why -->\nevil()'],
    ['a.ini', '; sg-ignore: no-evil -- why\na = evil()'],
    ['a.php', '<?php evil(); // sg-ignore: no-evil -- why'],
    ['a.json', '{\n// sg-ignore: no-evil -- why\n"a": "evil()" }'],
    ['a.md', 'evil() <!-- sg-ignore: no-evil -- why -->'],
    ['a.jinja', 'evil() {# sg-ignore: no-evil -- why #}'],
    ['a.unknown', 'evil() ; sg-ignore: no-evil -- why'],
    ['a.lisp', ';; sg-ignore: no-evil -- why\nevil()'],
  ])('%s: %s', (path, content) => {
    expect(outcome(path, content).shown).toEqual([]);
    expect(outcome(path, content).hidden[0]).toMatch(/^no-evil@\d by \d: why/);
  });

  // JSON has no comments, so a string is the only place.
  test.each([
    '{ "//": "sg-ignore: no-evil -- why",\n"a": "evil()" }',
    '{ "a": "evil()", "//": "sg-ignore: no-evil -- why" }',
  ])('in a string of JSON: %s', (content) => {
    expect(outcome('a.json', content).shown).toEqual([]);
  });

  test('the reason ends where the comment ends', () => {
    const reasons = [
      ['a.css', 'evil() /* sg-ignore: no-evil -- why */'],
      ['a.html', 'evil() <!-- sg-ignore: no-evil -- why -->'],
      ['a.jinja', 'evil() {# sg-ignore: no-evil -- why #}'],
    ].map(([path = '', content = '']) => outcome(path, content).hidden);
    expect(reasons.flat()).toEqual(Array.from({ length: 3 }, () => 'no-evil@1 by 1: why'));
  });

  test.each([
    ['a.js', 'evil("sg-ignore: no-evil -- why")'],
    ['a.js', 'evil(`sg-ignore: no-evil -- why`)'],
    ['a.py', "evil('# sg-ignore: no-evil -- why')"],
    ['a.py', 'evil() ; x = "# sg-ignore: no-evil -- why"'],
    ['a.js', 'evil() sg-ignore: no-evil -- why'],
  ])('is not honoured outside of comments: %s: %s', (path, content) => {
    expect(outcome(path, content)).toEqual({ shown: ['no-evil@1'], hidden: [] });
  });

  test('is read in UTF-16 as well', () => {
    const text = 'evil() // sg-ignore: no-evil -- why';
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    expect(scanText(RULES, 'a.js', bytes).suppressed).toHaveLength(1);
  });
});
