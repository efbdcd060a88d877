import { describe, expect, test } from 'vitest';
import {
  convertReferenceRules,
  type ConvertedRules,
} from '../../../host/rules/reference-format.ts';
import { formatRuleFileProblem } from '../../../host/rules/problem.ts';
import { parseRuleDocument } from '../../../host/rules/yaml-document.ts';

function convert(text: string, format: 'yaml' | 'json' = 'yaml'): ConvertedRules {
  const parsed = parseRuleDocument(text, { format, uniqueKeys: false });
  if (!parsed.ok) throw new Error(parsed.reason);
  const { value, locate } = parsed;
  return convertReferenceRules({
    file: 'p.yaml',
    origin: 'project',
    value,
    locate,
    taken: new Set(),
  });
}

function said(result: ConvertedRules): string[] {
  return result.problems.map(formatRuleFileProblem);
}

test('the documented form loads as it is, without a word', () => {
  const result = convert(`
patterns:
  - rule_name: No raw SQL
    regex: 'db\\.raw\\s*\\('
    substrings: ["knex.raw(", 'sql\`']
    reminder: Use the query builder.
    paths: ["**/*.ts"]
    exclude_paths: ["**/migrations/*"]
`);
  expect(result.problems).toEqual([]);
  expect(result.rules).toEqual([
    {
      id: 'user:No-raw-SQL',
      title: 'No raw SQL',
      severity: 'medium',
      confidence: 'high',
      paths: ['**/*.ts'],
      excludePaths: ['**/migrations/*'],
      globs: 'fnmatch',
      patterns: [
        'db\\.raw[\\t-\\r\\x1c- \\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}]*\\(',
        'knex\\.raw\\(',
        'sql`',
      ],
      unless: [],
      message: { what: 'Use the query builder.', why: '', fix: '' },
      references: [],
      examples: { match: [], noMatch: [] },
      origin: 'project',
    },
  ]);
});

describe('what a regex becomes', () => {
  test.each([
    ['exact in RE2', 'eval\\(', { patterns: ['eval\\('] }],
    ['lookaround', 'http://(?!localhost)', { patterns: [], lookaround: ['http://(?!localhost)'] }],
    [
      'a word boundary, for accented letters',
      '\\beval\\(',
      { patterns: [], lookaround: ['\\beval\\('] },
    ],
    [
      'a word boundary without a literal',
      '\\b[a-f0-9]{40}\\b',
      { patterns: ['\\b[0-9a-f]{40}\\b'] },
    ],
    ['any edit: a match for each line', '.', { patterns: ['[^\\n]+'] }],
    ['a final dollar', 'debug$', { patterns: ['debug\\n?\\z'] }],
    ['repeats above those of RE2', 'key=.{1500}', { patterns: [], lookaround: ['key=.{1500}'] }],
  ])('%s', (_name, regex, expected) => {
    const [rule] = convert(
      JSON.stringify({ patterns: [{ rule_name: 'r', reminder: 'x', regex }] }),
      'json',
    ).rules;
    expect({
      patterns: rule?.patterns,
      ...(rule?.lookaround && { lookaround: rule.lookaround }),
    }).toEqual(expected);
  });
});

describe('names', () => {
  test('stay visible, and are told apart by position', () => {
    const names = ['a b', 'a b', 'パスワード/直書き', '"..."', '../../x', 'ŞİFRE "x"', 7];
    const rules = names.map((rule_name) => ({ rule_name, reminder: 'r', regex: 'abc' }));
    const result = convert(JSON.stringify({ patterns: rules }), 'json');
    expect(result.rules.map(({ id }) => id)).toEqual([
      'user:a-b',
      'user:a-b-2',
      'user:パスワード-直書き',
      'user:...',
      'user:..-..-x',
      'user:ŞİFRE-x',
      'user:7',
    ]);
    expect(result.rules.map(({ title }) => title)).toEqual(names.map(String));
  });

  test('hostile keys are data', () => {
    const text =
      '{"patterns":[{"rule_name":"__proto__","reminder":"r","regex":"abc","__proto__":{"x":1}}]}';
    const result = convert(text, 'json');
    expect(result.rules[0]?.id).toBe('user:__proto__');
    expect(said(result)).toEqual([
      'p.yaml:1:68: warning: unknown field "__proto__"; expected rule_name, reminder, regex, substrings, paths, exclude_paths; it is ignored',
    ]);
  });
});

describe('problems', () => {
  test('a bad rule never costs a good one', () => {
    const result = convert(`patterns:
  - rule_name: first
    reminder: r
    regex: 'abc'
  - just text
  - rule_name: back
    reminder: r
    regex: '(a)x\\1'
  - rule_name: nothing
    reminder: r
  - rule_name: both
    reminder: r
    regex: 'a**'
    substrings: [abc, 7, '']
  - rule_name: paths
    reminder: r
    regex: abc
    paths: [{a: 1}]
  - rule_name: last
    reminder: r
    substrings: abc
`);
    expect(result.rules.map(({ id }) => id)).toEqual(['user:first', 'user:both', 'user:last']);
    expect(said(result)).toMatchInlineSnapshot(`
      [
        "p.yaml:5:5: error: rule 2 is text ("just text"); expected a mapping with rule_name, reminder and regex or substrings; this rule is left out",
        "p.yaml:8:12: error: regex: backreferences such as "\\1" cannot be matched in linear time (at character 5, "\\\\1"); instead: spell out the alternatives; this rule is left out [user:back]",
        "p.yaml:9:5: error: rule "user:nothing" has neither regex nor substrings; this rule is left out [user:nothing]",
        "p.yaml:13:12: warning: regex: "*" repeats a repeat (at character 3, "*"); instead: "(?:…)" around what stands before; only its substrings are used [user:both]",
        "p.yaml:14:23: error: substring 2 is a number (7); expected text that is not empty; it is left out [user:both]",
        "p.yaml:14:26: error: substring 3 is empty text (""); expected text that is not empty; it is left out [user:both]",
        "p.yaml:18:12: error: paths holds {"a":1}; expected a list of globs; this rule is left out [user:paths]",
        "p.yaml:21:17: note: substrings is text; expected a list of texts; it is read as a list of one [user:last]",
      ]
    `);
  });

  test('what the Python plugin drops or misreads loads as it was meant, and is said once', () => {
    const result = convert(`- id: one
  message: m
  regex: '^import x'
  paths: ['src/**', 'lib/**']
  blocking: true
- name: two
  description: d
  regex: '[[:space:]]+abc$'
  paths: ['**/a/**/*.ts']
  severity: HIGH
  regx: oops
- id: three
  substrings: ['Secret']
  icase: true
  must_not_match: ['vetted', '(?!x)']
  severity: urgent
`);
    expect(
      result.rules.map(({ id, severity, patterns, unless }) => ({
        id,
        severity,
        patterns,
        unless,
      })),
    ).toEqual([
      { id: 'user:one', severity: 'medium', patterns: ['\\Aimport x'], unless: [] },
      { id: 'user:two', severity: 'high', patterns: ['[:\\[aceps]\\]+abc\\n?\\z'], unless: [] },
      {
        id: 'user:three',
        severity: 'medium',
        patterns: ['(?i:Secret)'],
        unless: [{ within: 'file', pattern: '[Vv][Ee][Tt][Tt][Ee][Dd]' }],
      },
    ]);
    expect(result.rules.map(({ message }) => message.what)).toEqual([
      'm',
      'd',
      'Custom rule "three" matched.',
    ]);
    expect(said(result)).toMatchInlineSnapshot(`
      [
        "p.yaml:1:1: note: the file is a list of rules; the documented form is a list under "patterns:"; the list is read as the rules",
        "p.yaml:1:3: note: "id" stands where the documented field is "rule_name" (and 1 more in this file); it is read as "rule_name"",
        "p.yaml:3:10: note: "^" in the regex matches only at the very start of the file; it is matched as Python does; write (?m) first if a line was meant",
        "p.yaml:4:11: note: "src/**" is relative to the project; the Python plugin compares it with the absolute path only, so it never matches there (and 1 more in this file); it is matched from the project root too",
        "p.yaml:5:3: note: "blocking" asks for edits to be refused; rules never block an edit; \`sg scan --fail-on\` can block a merge",
        "p.yaml:2:3: note: "message" stands where the documented field is "reminder"; it is read as "reminder"",
        "p.yaml:6:3: note: "name" stands where the documented field is "rule_name"; it is read as "rule_name"",
        "p.yaml:8:10: note: "[[:space:]" in the regex is no class of Python's: it reads one of the single characters in it, then "]"; it is matched as Python does; write \\s, \\d or the characters themselves",
        "p.yaml:8:10: note: "$" in the regex matches only at the very end of the file; it is matched as Python does; write (?m) first if a line was meant",
        "p.yaml:9:11: note: "/**/" in "**/a/**/*.ts" demands a folder in between in the Python plugin; here it may also be a single "/"",
        "p.yaml:11:3: warning: unknown field "regx"; did you mean "regex"?; it is ignored",
        "p.yaml:7:3: note: "description" stands where the documented field is "reminder"; it is read as "reminder"",
        "p.yaml:16:13: warning: severity is "urgent"; expected low, medium, high, critical; "medium" is used [user:three]",
        "p.yaml:15:19: warning: must_not_match: RE2 has no lookaround; it cancels nothing [user:three]",
        "p.yaml:12:3: warning: the rule has no reminder; its name is shown instead [user:three]",
      ]
    `);
  });

  test.each([
    [
      'text',
      'just text',
      'p.yaml:1:1: error: the file holds text; expected "patterns:" with a list of rules; nothing is loaded from it',
    ],
    [
      'another nesting',
      'a:\n  b: [x]\n',
      'p.yaml:1:1: error: no "patterns" key (found "a"); expected "patterns:" with a list of rules; nothing is loaded from it',
    ],
    [
      'patterns as text',
      'patterns: abc',
      'p.yaml:1:11: error: "patterns" is text; expected a list of rules; nothing is loaded from it',
    ],
  ])('%s instead of rules', (_name, text, expected) => {
    const result = convert(text);
    expect(result.rules).toEqual([]);
    expect(said(result)).toEqual([expected]);
  });

  test.each(['', 'patterns:', 'patterns: []', '# nothing yet'])(
    '%j is no rules and no problem',
    (text) => {
      expect(convert(text)).toEqual({ rules: [], problems: [] });
    },
  );

  test('a reminder is cut at 1024 characters, not bytes', () => {
    const rule = (length: number) => ({
      rule_name: 'r',
      regex: 'abc',
      reminder: '字'.repeat(length),
    });
    expect(
      convert(JSON.stringify([rule(1024)]), 'json').problems.map(({ level }) => level),
    ).toEqual(['note']);
    const cut = convert(JSON.stringify({ patterns: [rule(1025)] }), 'json');
    expect(cut.rules[0]?.message.what).toBe('字'.repeat(1024));
    expect(cut.problems[0]?.reason).toBe(
      'the reminder has 1025 characters; at most 1024 are shown',
    );
  });

  test('a regex of any shape gives a rule or a problem', () => {
    for (const regex of [
      '(?i',
      '[',
      '\\',
      '(?P<a>x)(?P=a)',
      7,
      ['a'],
      { a: 1 },
      true,
      '('.repeat(9000),
    ]) {
      const result = convert(
        JSON.stringify({ patterns: [{ rule_name: 'r', reminder: 'r', regex }] }),
        'json',
      );
      expect(result.rules).toEqual([]);
      expect(result.problems.map(({ level }) => level)).toEqual(['error']);
    }
  });
});
