import { describe, expect, test } from 'vitest';
import { LANGUAGES, languageOf } from '../../../engine/language.ts';
import { scopeMatches } from '../../../engine/scope/scope.ts';
import { convert, GOOD, said } from './native.ts';
import { defaultPath } from '../../../host/rules/native-examples.ts';

test('a built-in rule in full', () => {
  const result = convert(GOOD, { expectedId: 'python-yaml-unsafe-load' });
  expect(said(result)).toEqual([]);
  expect(result.rules).toEqual([
    {
      id: 'python-yaml-unsafe-load',
      title: 'yaml.load with an unsafe loader',
      severity: 'high',
      confidence: 'high',
      cwe: 'CWE-502',
      class: 'deserialization',
      languages: ['python'],
      in: ['code'],
      patterns: ['\\byaml\\.load\\s*\\('],
      unless: [{ within: 'call', pattern: '\\bSafeLoader\\b' }],
      message: { what: 'What.', why: 'Why.', fix: 'Fix.' },
      references: ['https://pyyaml.org/wiki/PyYAMLDocumentation'],
      examples: {
        match: [
          { code: 'yaml.load(fh)', path: 'example.py' },
          { code: 'yaml.load(x)\n', path: 'app/load.py' },
        ],
        noMatch: [
          { code: 'yaml.load(fh, Loader=yaml.SafeLoader)', path: 'example.py' },
          { code: 'yaml.loads(fh)', path: 'example.py' },
        ],
      },
      parity: 'unsafe_yaml_load',
      origin: 'builtin',
    },
  ]);
});

describe('strict problems have a place and a way out', () => {
  test.each([
    [
      'a misspelt key',
      ['severity: high', 'severty: high'],
      [
        'r.yaml:3:1: error: unknown key "severty"; did you mean "severity"?; this rule is left out [python-yaml-unsafe-load]',
        'r.yaml:1:1: error: "severity" is missing; expected low, medium, high, critical; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'a wrong severity',
      ['severity: high', 'severity: hihg'],
      [
        'r.yaml:3:11: error: severity is "hihg"; expected low, medium, high, critical; did you mean "high"?; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    ['a wrong language', ['[python]', '[python, pyhton]'], undefined],
    [
      'a wrong region',
      ['in: code', 'in: [code, comments]'],
      [
        'r.yaml:7:12: error: in is "comments"; expected code, string, comment, any; did you mean "comment"?; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'a wrong within',
      ['within: call', 'within: calls'],
      [
        'r.yaml:11:13: error: unless[0].within is "calls"; expected match, line, call, statement, block, file, near, before, flow; did you mean "call"?; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'a wrong cwe',
      ['CWE-502', '502'],
      [
        'r.yaml:5:6: error: cwe is a number (502); expected text; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'no fix',
      ['  fix: Fix.\n', ''],
      [
        'r.yaml:14:3: error: "message.fix" is missing; expected text; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'one example',
      ["    - 'yaml.loads(fh)'\n", ''],
      [
        'r.yaml:26:5: error: examples.no-match has 1 entries; expected at least 2; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'lookahead',
      ['\\s*\\(', '(?!s)\\('],
      [
        'r.yaml:9:18: error: patterns: RE2 has no negative lookahead "(?!…)" (at character 13, "(?!"); instead: move it into "unless: [{within: match|line|call, pattern: …}]"; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'http reference',
      ['https://', 'http://'],
      [
        'r.yaml:18:5: error: reference is "http://pyyaml.org/wiki/PyYAMLDocumentation"; expected an https:// address; this rule is left out [python-yaml-unsafe-load]',
      ],
    ],
    [
      'an id that is none',
      ['id: python-yaml-unsafe-load', 'id: Python_yaml'],
      [
        'r.yaml:1:5: error: id is "Python_yaml"; expected lower-case words joined by "-", such as "python-yaml-unsafe-load"; this rule is left out',
      ],
    ],
  ] as const)('%s', (_name, [from, to], expected) => {
    const result = convert(GOOD.replace(from, to));
    expect(result.rules).toEqual([]);
    if (expected !== undefined) expect(said(result)).toEqual(expected);
    else expect(said(result)[0]).toContain('did you mean "python"?');
  });

  test('an id other than the file name', () => {
    expect(said(convert(GOOD, { expectedId: 'other' }))).toEqual([
      'r.yaml:1:5: error: id is "python-yaml-unsafe-load"; expected "other", the file\'s name; this rule is left out',
    ]);
  });

  test.each([
    ['', 'r.yaml:1:1: error: the file is empty; expected a rule; nothing is loaded from it'],
    [
      'just text',
      'r.yaml:1:1: error: a rule is text ("just text"); expected a mapping with id, patterns and message; this rule is left out',
    ],
    [
      'rules: 7',
      'r.yaml:1:8: error: "rules" is a number; expected a list of rules; nothing is loaded from it',
    ],
  ])('%j', (text, expected) => {
    expect(said(convert(text)).map((line) => line.replace('r.yaml: ', 'r.yaml:1:1: '))).toEqual([
      expected,
    ]);
  });
});

describe('lenient', () => {
  const lenient = { strict: false, origin: 'user' } as const;

  test('little is needed', () => {
    const result = convert('id: mine\npatterns: [abc]\nmessage: Do not.\n', lenient);
    expect(result).toMatchObject({
      problems: [],
      rules: [
        {
          id: 'mine',
          title: 'Do not.',
          severity: 'medium',
          confidence: 'high',
          patterns: ['abc'],
          message: { what: 'Do not.' },
          origin: 'user',
        },
      ],
    });
  });

  test.each([
    ['a list', '- {id: a, patterns: [abc], message: m}\n- {id: b, patterns: [abc], message: m}\n'],
    [
      'a list under rules',
      'rules:\n  - {id: a, patterns: [abc], message: m}\n  - {id: b, patterns: [abc], message: m}\n',
    ],
  ])('%s', (_name, text) => {
    expect(convert(text, lenient).rules.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('a bad rule never costs a good one, and an unknown key costs nothing', () => {
    const result = convert(
      `rules:
  - {id: a, patterns: [abc], message: m, langages: [python]}
  - {id: b, message: m}
  - {id: a, patterns: [abc], message: m}
  - {id: c, patterns: [abc, 7], message: m}
  - {id: d, patterns: abc, message: m, in: any}
`,
      lenient,
    );
    expect(result.rules.map(({ id }) => id)).toEqual(['a', 'd']);
    expect(said(result)).toEqual([
      'r.yaml:2:42: warning: unknown key "langages"; did you mean "languages"?; it is ignored [a]',
      'r.yaml:3:5: error: "patterns" is missing; expected a list of texts; this rule is left out [b]',
      'r.yaml:4:10: error: id "a" is in use by another rule; expected one of its own; this rule is left out',
      'r.yaml:5:29: error: patterns holds a number (7); expected text; this rule is left out [c]',
    ]);
  });
});

describe('default paths of examples', () => {
  test.each([...LANGUAGES])('%s', (language) => {
    expect(languageOf(defaultPath({ languages: [language], paths: undefined }))).toBe(language);
  });

  test.each([
    '.github/workflows/*.{yml,yaml}',
    '**/*.tf',
    'src/**',
    '/Makefile',
    '*.[ch]',
    'a?.txt',
    'build/',
    '**',
  ])('the glob %s takes its own', (glob) => {
    const path = defaultPath({ languages: undefined, paths: [glob] });
    expect(scopeMatches({ paths: [glob] }, { relative: path }), path).toBe(true);
  });

  test('language and glob together', () => {
    const path = defaultPath({ languages: ['go'], paths: ['cmd/**'] });
    expect(scopeMatches({ languages: ['go'], paths: ['cmd/**'] }, { relative: path }), path).toBe(
      true,
    );
  });
});
