import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRuleFiles } from '../../../host/rules/files.ts';
import { loadUserRules } from '../../../host/rules/load.ts';
import { expandPattern, NamedPatterns } from '../../../host/rules/named-patterns.ts';
import { formatRuleFileProblem } from '../../../host/rules/problem.ts';
import { parseRuleDocument } from '../../../host/rules/yaml-document.ts';
import { convert, GOOD, said } from './native.ts';

const named = new NamedPatterns(
  new Map([
    ['digits', '[0-9]+'],
    ['either', 'a|b'],
    ['loud', '(?i)x'],
    ['group', '(?i:[)(]|(?:b))'],
    ['groups', '(?:a)|(?:b)'],
    ['capture', '(?P<a>b)'],
  ]),
);

function expand(written: string): string {
  const expanded = expandPattern(written, named);
  return expanded.ok ? expanded.pattern : `error: ${expanded.error.message}`;
}

describe('a name in a pattern', () => {
  test.each([
    ['the whole pattern', '(?&either)', 'a|b'],
    ['a part is a group', 'x(?&either)y', 'x(?:a|b)y'],
    ['its flags end with it', '(?&loud)y', '(?:(?i)x)y'],
    ['several', '(?&digits)-(?&digits)', '(?:[0-9]+)-(?:[0-9]+)'],
    ['a group as it is', '(?&group)+', '(?i:[)(]|(?:b))+'],
    ['two groups in another', '(?&groups)+', '(?:(?:a)|(?:b))+'],
    ['a group that captures in another', '(?&capture)+', '(?:(?P<a>b))+'],
    ['none in a class', '[(?&digits)]', '[(?&digits)]'],
    ['none in a class that begins with ]', '[^](?&digits)]', '[^](?&digits)]'],
    ['none in a class with a class', '[[:alpha:](?&digits)]', '[[:alpha:](?&digits)]'],
    ['none that is escaped', String.raw`\(?&digits)`, String.raw`\(?&digits)`],
    ['none that is quoted', String.raw`\Q(?&digits)\E`, String.raw`\Q(?&digits)\E`],
    ['one after a quotation', String.raw`\Q(\E(?&digits)`, String.raw`\Q(\E(?:[0-9]+)`],
    ['one after a class', '[(](?&digits)', '[(](?:[0-9]+)'],
    ['none at all', 'a(b)', 'a(b)'],
  ])('%s', (_what, written, pattern) => {
    expect(expand(written)).toBe(pattern);
  });

  test('that nobody knows', () => {
    const expanded = expandPattern('ab(?&digit)', named);
    expect(expanded).toMatchObject({ ok: false, error: { offset: 2, length: 9 } });
    expect(expand('ab(?&digit)')).toContain('"digit"');
    expect(expand('ab(?&digit)')).toContain('did you mean "digits"?');
    expect(expand('(?&)')).toContain('no pattern is called ""');
  });

  test('offsets in what was made of it are found in what was written', () => {
    const expanded = expandPattern('a(?&digits)b(?&either)c', named);
    if (!expanded.ok) throw new Error(expanded.error.message);
    const { pattern, writtenAt } = expanded;
    expect(pattern).toBe('a(?:[0-9]+)b(?:a|b)c');
    expect(writtenAt(0)).toBe(0);
    expect(writtenAt(pattern.indexOf('0-9'))).toBe(1);
    expect(writtenAt(pattern.indexOf('b(?:'))).toBe(11);
    expect(writtenAt(pattern.indexOf('a|b'))).toBe(12);
    expect(writtenAt(pattern.length - 1)).toBe(22);
    expect(writtenAt(pattern.length)).toBe(23);
  });

  test('a pattern that grows without end is refused before it is made', () => {
    const long = new NamedPatterns(new Map([['long', 'x'.repeat(1_000)]]));
    const expanded = expandPattern('(?&long)'.repeat(100_000), long);
    expect(expanded).toMatchObject({ ok: false });
    expect(expand('(?&digits)'.repeat(10_000))).toContain('32768');
  });
});

describe('define', () => {
  const withDefine = (define: string, pattern: string): string =>
    GOOD.replace('patterns:', `define:\n${define}\npatterns:`).replace(
      String.raw`'\byaml\.load\s*\('`,
      pattern,
    );

  test('in a rule: for patterns, conditions and sources', () => {
    const result = convert(
      withDefine(
        `  call: '\\byaml\\.load'\n  safe: {about: A loader., pattern: 'Safe'}`,
        String.raw`'(?&call)\s*\('`,
      )
        .replace(String.raw`'\bSafeLoader\b'`, "'(?&safe)Loader'")
        .replace('unless:', "sources: ['(?&safe)x']\nunless:"),
    );
    expect(said(result)).toEqual([]);
    expect(result.rules[0]).toMatchObject({
      patterns: [String.raw`(?:\byaml\.load)\s*\(`],
      requires: [{ within: 'statement', pattern: '(?:(?:Safe)x)' }],
      unless: [{ within: 'call', pattern: '(?:Safe)Loader' }],
    });
  });

  test.each([
    [
      'a wrong name',
      withDefine(`  Call: 'x'`, `'yaml(?&Call)'`),
      'r.yaml:9:9: error: a pattern is called "Call"; expected lower-case letters, digits and "_", such as "quoted_text"; this rule is left out [python-yaml-unsafe-load]',
    ],
    [
      'wrong syntax, told where it stands',
      withDefine(`  call: 'x('`, `'yaml(?&call)'`),
      expect.stringMatching(/^r\.yaml:9:\d+: error: call: .*this rule is left out/),
    ],
    [
      'a name within a name',
      withDefine(`  call: 'x'\n  more: 'y(?&call)'`, `'(?&call)(?&more)'`),
      'r.yaml:10:9: error: more takes in another pattern; expected plain RE2 syntax in what has a name; this rule is left out [python-yaml-unsafe-load]',
    ],
    [
      'a name that is not there',
      withDefine(`  call: 'x'`, `'yaml(?&cal)(?&call)'`),
      'r.yaml:11:10: error: patterns: no pattern is called "cal" under "define" or in named-patterns.yaml; did you mean "call"? (at character 5, "(?&cal)"); this rule is left out [python-yaml-unsafe-load]',
    ],
    [
      'wrong syntax behind a name',
      withDefine(`  call: 'xxxxxxxxxxxx'`, `'(?&call)yaml('`),
      expect.stringMatching(/^r\.yaml:11:\d+: error: patterns: .*\(at character 13, /),
    ],
    [
      'what nobody takes in',
      withDefine(`  call: 'x'`, `'yaml'`),
      'r.yaml:8:1: warning: no pattern takes in (?&call); it is ignored [python-yaml-unsafe-load]',
    ],
  ])('%s', (_what, text, problem) => {
    expect(said(convert(text))[0]).toEqual(problem);
  });

  test('what is wrong is not told again as another mistake', () => {
    const wrong = convert(withDefine(`  call: 'x('`, `'yaml(?&call)'`));
    expect(wrong.rules).toEqual([]);
    expect(said(wrong)[1]).toContain('patterns: the pattern "call" is wrong where it is defined');
    expect(said(wrong)).toHaveLength(2);
  });

  test('beside a list of rules: for all of them, and a rule can say it anew', () => {
    const text = `define:
  word: 'beside'
rules:
  - {id: one, patterns: ['(?&word)'], message: a}
  - {id: two, patterns: ['(?&word)!'], message: b, define: {word: own}}
  - {id: three, patterns: ['(?&word)(?&other)'], message: c, define: {other: 'x'}}
`;
    const result = convert(text, { strict: false, origin: 'project' });
    expect(said(result)).toEqual([]);
    expect(result.rules.map(({ patterns }) => patterns[0])).toEqual([
      'beside',
      '(?:own)!',
      '(?:beside)(?:x)',
    ]);
  });
});

describe('named-patterns.yaml', () => {
  let project: string;
  beforeEach(() => {
    project = realpathSync(mkdtempSync(join(tmpdir(), 'sg-names-')));
  });
  afterEach(() => {
    rmSync(project, { recursive: true });
  });

  function load(files: Readonly<Record<string, string>>): {
    patterns: (string | undefined)[];
    problems: string[];
  } {
    for (const [name, text] of Object.entries(files)) {
      const path = join(project, '.claude', name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const { rules, problems } = loadUserRules({
      files: findRuleFiles({ projectDir: project }),
      parse: parseRuleDocument,
    });
    return {
      patterns: rules.map(({ patterns }) => patterns[0]),
      problems: problems.map((each) =>
        formatRuleFileProblem({ ...each, file: each.file.slice(project.length + 1) }),
      ),
    };
  }
  const rule = (id: string, pattern: string): string =>
    `{id: ${id}, patterns: ['${pattern}'], message: m}`;

  test('holds in its folder and in those of the folder; the nearer one counts', () => {
    const { patterns, problems } = load({
      'security-rules/named-patterns.yaml': `define: {word: top, other: more}`,
      'security-rules/a.yaml': rule('a', '(?&word)'),
      'security-rules/web/named-patterns.yaml': `define: {word: near}`,
      'security-rules/web/b.yaml': rule('b', '(?&word)(?&other)'),
      'security-rules/net/c.yaml': rule('c', '(?&word)'),
    });
    expect(problems).toEqual([]);
    expect(patterns).toEqual(['top', 'top', '(?:near)(?:more)']);
  });

  test('what is wrong in it costs what takes it in, and no other rule', () => {
    const { patterns, problems } = load({
      'security-rules/named-patterns.yaml': 'define:\n  Bad: x\n  good: y\n',
      'security-rules/a.yaml': rule('a', '(?&good)'),
      'security-rules/b.yaml': rule('b', '(?&worse)'),
      'security-rules/c.yaml': rule('c', 'plain'),
    });
    expect(patterns).toEqual(['y', 'plain']);
    expect(problems).toEqual([
      expect.stringMatching(/^\.claude\/security-rules\/b\.yaml:.*no pattern is called "worse"/),
      expect.stringMatching(
        /^\.claude\/security-rules\/named-patterns\.yaml:2:8: error: a pattern is called "Bad"; .*this pattern is left out$/,
      ),
    ]);
  });

  test('a file that is none says so', () => {
    const { patterns, problems } = load({
      'security-rules/named-patterns.yaml': '- no mapping',
      'security-rules/a.yaml': rule('a', 'plain'),
    });
    expect(patterns).toEqual(['plain']);
    expect(problems).toEqual([
      '.claude/security-rules/named-patterns.yaml:1:1: error: named-patterns.yaml holds a list; expected a mapping with "define"; nothing is loaded from it',
    ]);
  });
});
