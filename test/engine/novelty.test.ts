/** What an edit introduced, from the findings before and after it. */
import { expect, test } from 'vitest';
import { introduced } from '../../engine/novelty.ts';
import { places, rule, scanText } from './scan-text.ts';

const RULES = [
  rule('evil', 'evil\\(', { unless: [{ within: 'line', pattern: 'safe' }] }),
  rule('long', 'begin\\([^)]*\\)'),
];

function news(before: string, after: string): string[] {
  const findings = (text: string) => scanText(RULES, 'a.js', text).findings;
  return places(introduced(findings(before), findings(after)));
}

test.each<[string, string, string, string[]]>([
  ['a new line', 'x', 'x\nevil(1)', ['evil@2']],
  ['nothing', 'evil(1)', 'evil(1)', []],
  ['a line that moved down', 'evil(1)\nx', 'x\n\n\nevil(1)', []],
  ['lines that changed places', 'evil(1)\nevil(2)', 'evil(2)\nevil(1)', []],
  ['a line indented anew', 'evil(1)', '    evil(1)', []],
  ['tabs for spaces', '    evil(1, 2)', '\t\tevil(1,\t2)', []],
  ['CRLF for LF', 'evil(1)\nevil(2)\n', 'evil(1)\r\nevil(2)\r\n', []],
  ['a changed argument', 'evil(1)', 'evil(2)', ['evil@1']],
  ['a twin', 'evil(1)', 'evil(1)\nevil(1)', ['evil@2']],
  ['three for one', 'evil(1)', 'evil(1)\nevil(1)\nevil(1)', ['evil@2', 'evil@3']],
  ['a twin less', 'evil(1)\nevil(1)', 'evil(1)', []],
  ['a second match on the line', 'evil(1)', 'evil(1); evil(2)', ['evil@1', 'evil@1']],
  ['a match in place of another', 'evil(1)\nevil(1)', 'evil(1)\nevil(2)', ['evil@2']],
  ['a condition removed', 'evil(1) + safe', 'evil(1) + other', ['evil@1']],
  ['a condition added', 'evil(1)', 'evil(1) + safe', []],
  ['the same match of several lines, indented anew', 'begin(\n1\n)', '  begin(\n    1\n  )', []],
  ['a change on a later line of a match', 'begin(\n1\n)', 'begin(\n2\n)', ['long@1']],
  ['a file emptied', 'evil(1)', '', []],
  ['a file filled', '', 'evil(1)\nbegin(2)', ['evil@1', 'long@2']],
])('%s', (_, before, after, expected) => {
  expect(news(before, after)).toEqual(expected);
});

test('a suppression taken away makes its finding new', () => {
  expect(news('evil(1) // sg-ignore: evil -- why', 'evil(1)')).toEqual(['evil@1']);
});

test('the same text under another rule is new', () => {
  const before = scanText([rule('a', 'evil')], 'x.js', 'evil').findings;
  const after = scanText([rule('b', 'evil')], 'x.js', 'evil').findings;
  expect(places(introduced(before, after))).toEqual(['b@1']);
});
