/** `requires`, `unless` and `sources` in rule files. */
import { expect, test } from 'vitest';
import { convert, GOOD, said } from './native.ts';

test('what has to stand near a match, and its sources', () => {
  const given =
    "requires:\n  - { within: near, lines: 3, pattern: 'a' }\nsources: ['b', 'c']\nunless:";
  const { rules, problems } = convert(GOOD.replace('unless:', given));
  expect(problems).toEqual([]);
  expect(rules[0]?.requires).toEqual([
    { within: 'near', lines: 3, pattern: 'a' },
    { within: 'statement', pattern: '(?:b)|(?:c)' },
  ]);
});

test('a value that is no constant', () => {
  const given = "requires:\n  - { within: flow, lines: 9, is: variable, without: 'a' }\nunless:";
  const { rules, problems } = convert(GOOD.replace('unless:', given));
  expect(problems).toEqual([]);
  expect(rules[0]?.requires).toEqual([
    { within: 'flow', lines: 9, is: 'variable', pattern: '', without: ['a'] },
  ]);
});

test.each([
  [
    'a value that cancels',
    [
      "within: call\n    pattern: '\\bSafeLoader\\b'",
      'within: flow\n    lines: 2\n    is: variable',
    ],
    [
      'r.yaml:13:9: error: is goes with "within: flow" in requires; here it is "flow" in unless; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'a value with a pattern',
    ['unless:', 'requires:\n  - { within: flow, lines: 9, is: variable, pattern: a }\nunless:'],
    [
      'r.yaml:11:54: error: pattern does not go with "is: variable"; leave one of them out; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'near without lines',
    ['within: call', 'within: near'],
    [
      'r.yaml:11:5: error: "within: near" needs lines, a number from 1 to 100; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'too many lines',
    ['within: call', 'within: near\n    lines: 1000'],
    [
      'r.yaml:12:12: error: lines is a number (1000); "within: near" needs lines, a number from 1 to 100; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'lines of a call',
    ['within: call', 'within: call\n    lines: 2'],
    [
      'r.yaml:12:12: error: lines goes with "within: near", "within: before" and "within: flow"; here it is "call"; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'a flow of nothing',
    ['within: call', 'within: flow\n    lines: 2'],
    [
      'r.yaml:11:5: error: "unless[0].of" is missing; expected text; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'a flow of a group that a pattern lacks',
    ['within: call', 'within: flow\n    lines: 2\n    of: path'],
    [
      'r.yaml:13:9: error: patterns[0] has no group named "path"; write (?P<path>…) there; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'what makes a call safe',
    ['within: call', "within: call\n    without: 'x'"],
    [
      'r.yaml:12:14: error: without goes with "within: flow"; here it is "call"; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'the group of a call',
    ['within: call', 'within: call\n    of: path'],
    [
      'r.yaml:12:9: error: of goes with "within: flow"; here it is "call"; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'a source that RE2 does not know',
    ['unless:', "sources: ['a', '(?=b)']\nunless:"],
    [
      'r.yaml:10:16: error: sources: RE2 has no lookahead "(?=…)" (at character 1, "(?="); instead: consume the text instead, or use \\b; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'a requirement that is text',
    ['unless:', 'requires: [safe]\nunless:'],
    [
      'r.yaml:10:12: error: requires holds text ("safe"); expected {within, pattern}; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'a group that a pattern lacks',
    ['unless:', 'where: [{ group: loader, is: variable }]\nunless:'],
    [
      'r.yaml:10:18: error: patterns[0] has no group named "loader"; write (?P<loader>…) there; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'a condition on a group that asks nothing',
    ["'\\byaml\\.load\\s*\\('", "'load(?P<a>x)'\nwhere: [{ group: a }]"],
    [
      'r.yaml:10:9: error: where[0] asks nothing; expected one of entropy, stop-words, is, equals, differs; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
  [
    'wrong values',
    [
      "'\\byaml\\.load\\s*\\('",
      "'load(?P<a>x)'\nwhere: [{ group: a, entropy: 9, stop-words: false, is: const, equals: b }]\nsecret: c",
    ],
    [
      'r.yaml:10:30: error: entropy is a number (9); expected bits a byte, above 0 and at most 8; this rule is left out [python-yaml-unsafe-load]',
      'r.yaml:10:45: error: stop-words is false; expected a list of texts, or true; this rule is left out [python-yaml-unsafe-load]',
      'r.yaml:10:56: error: where[0].is is "const"; expected constant, variable; this rule is left out [python-yaml-unsafe-load]',
      'r.yaml:10:71: error: patterns[0] has no group named "b"; did you mean "a"?; this rule is left out [python-yaml-unsafe-load]',
      'r.yaml:11:9: error: patterns[0] has no group named "c"; did you mean "a"?; this rule is left out [python-yaml-unsafe-load]',
    ],
  ],
])('%s', (_name, [from = '', to = ''], expected) => {
  const result = convert(GOOD.replace(from, to));
  expect(result.rules).toEqual([]);
  expect(said(result)).toEqual(expected);
});

test('what is asked of groups, and which is a secret', () => {
  const given = [
    "patterns: ['(?P<a>x)(?P<b>y)']",
    'where:',
    '  - { group: a, entropy: 3.5, stop-words: [test], differs: b }',
    '  - { group: b, stop-words: true, is: constant, equals: a }',
    'secret: b',
  ];
  const text = GOOD.replace(/patterns:\n.*\n/, `${given.join('\n')}\n`);
  const { rules, problems } = convert(text);
  expect(problems).toEqual([]);
  expect(rules[0]?.where).toEqual([
    { group: 'a', entropy: 3.5, stopWords: ['test'], differs: 'b' },
    { group: 'b', stopWords: true, is: 'constant', equals: 'a' },
  ]);
  expect(rules[0]?.secret).toBe('b');
});

const comparing = (where: string, condition = 'clean\\((?P<checked>\\w+)\\)') =>
  GOOD.replace(
    /patterns:\n.*\n/,
    `patterns: ['load\\((?P<used>\\w+)', 'dump\\((?P<used>\\w+)(?P<more>x)']\n`,
  ).replace(
    /unless:\n(?: .*\n)+/,
    `unless:\n  - within: before\n    lines: 3\n    pattern: '${condition}'\n    where: ${where}\n`,
  );

test('what is asked of the groups of a condition', () => {
  const { rules, problems } = convert(
    comparing('[{ group: checked, equals: used, is: variable }]'),
  );
  expect(problems).toEqual([]);
  expect(rules[0]?.unless[0]?.where).toEqual([
    { group: 'checked', is: 'variable', equals: 'used' },
  ]);
});

test.each([
  [
    'a group that the condition lacks',
    '[{ group: used, is: variable }]',
    undefined,
    'r.yaml:13:22: error: the condition has no group named "used"; write (?P<used>…) there; this rule is left out [python-yaml-unsafe-load]',
  ],
  [
    'a group that not every pattern has',
    '[{ group: checked, equals: more }]',
    undefined,
    'r.yaml:13:39: error: patterns[0] has no group named "more"; write (?P<more>…) there; this rule is left out [python-yaml-unsafe-load]',
  ],
  [
    'a group that none has',
    '[{ group: checked, differs: usedd }]',
    undefined,
    'r.yaml:13:40: error: neither the condition nor patterns[0] has a group named "usedd"; did you mean "used"?; this rule is left out [python-yaml-unsafe-load]',
  ],
  [
    'a name that both have',
    '[{ group: used, equals: used }]',
    'clean\\((?P<used>\\w+)\\)',
    'r.yaml:13:36: error: the condition and patterns[0] both have a group named "used"; give one of them another name; this rule is left out [python-yaml-unsafe-load]',
  ],
])('in a condition: %s', (_name, where, condition, expected) => {
  const result = convert(comparing(where, condition));
  expect(result.rules).toEqual([]);
  expect(said(result)).toEqual([expected]);
});
