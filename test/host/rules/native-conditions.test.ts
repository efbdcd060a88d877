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

test.each([
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
      'r.yaml:12:12: error: lines goes with "within: near"; here it is "call"; this rule is left out [python-yaml-unsafe-load]',
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
])('%s', (_name, [from = '', to = ''], expected) => {
  const result = convert(GOOD.replace(from, to));
  expect(result.rules).toEqual([]);
  expect(said(result)).toEqual(expected);
});
