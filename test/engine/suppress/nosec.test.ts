/** `#nosec`: what it hides in a scan, and where it is just a comment. */
import { describe, expect, test } from 'vitest';
import { places, rule, scanText } from '../scan-text.ts';

const RULES = [
  rule('weak-hash', 'md5\\(', { cwe: 'CWE-328' }),
  rule('sql', 'query\\([^)]*\\)', { cwe: 'CWE-89' }),
  rule('no-cwe', 'odd\\('),
];

function outcome(path: string, content: string, nosec = true): [string[], string[]] {
  const { findings, suppressed } = scanText(RULES, path, content, { nosec });
  return [
    places(findings),
    suppressed.map(({ finding, reason, line }) => `${finding.ruleId} by ${line}: ${reason}`),
  ];
}

const SAID = 'marked by #nosec, for gosec or Bandit';

describe('hides', () => {
  test.each<[string, string, string, string]>([
    ['everything on its line', 'a.go', 'md5() // #nosec', `weak-hash by 1: ${SAID}`],
    ['with a space', 'a.py', 'md5()  # nosec', `weak-hash by 1: ${SAID}`],
    ['what an id stands for', 'a.go', 'md5() // #nosec G401', `weak-hash by 1: ${SAID}`],
    ['of several ids', 'a.py', 'md5()  # nosec B101, B324', `weak-hash by 1: ${SAID}`],
    ['of a range of ids', 'a.go', 'md5() /* #nosec G505 */', `weak-hash by 1: ${SAID}`],
    ['with a reason', 'a.go', 'md5() // #nosec G401 -- a file name', 'weak-hash by 1: a file name'],
    ['as a directive', 'a.go', 'md5() //gosec:disable', `weak-hash by 1: ${SAID}`],
    [
      'as a directive with ids and a reason, on the line above',
      'a.go',
      '//gosec:disable G401 G101 -- a file name\nmd5()',
      'weak-hash by 1: a file name',
    ],
    ['alone on the line above, in Go', 'a.go', '// #nosec\nmd5()', `weak-hash by 1: ${SAID}`],
    [
      'where the block opens, in Go',
      'a.go',
      'x{ // #nosec\n a,\n md5()}',
      `weak-hash by 1: ${SAID}`,
    ],
    ['behind another comment', 'a.go', 'md5() /* a */ // see #1 #nosec', `weak-hash by 1: ${SAID}`],
    ['on a later line of the match', 'a.py', 'query(\n x  # nosec\n)', `sql by 2: ${SAID}`],
    ['a rule without a weakness', 'a.py', 'odd()  # nosec', `no-cwe by 1: ${SAID}`],
  ])('%s', (_, path, content, hidden) => {
    expect(outcome(path, content)).toEqual([[], [hidden]]);
  });
});

describe('hides nothing', () => {
  test.each<[string, string, string]>([
    ['with the id of something else', 'a.go', 'md5() // #nosec G101'],
    ['with an id that nobody knows', 'a.go', 'md5() // #nosec G999'],
    ['as a directive for something else', 'a.go', 'md5() //gosec:disable G101'],
    ['as a directive with a blank', 'a.go', 'md5() // gosec:disable'],
    ['as a longer directive', 'a.go', 'md5() //gosec:disabled'],
    ['as a directive in another language', 'a.py', 'md5()  # //gosec:disable'],
    ['in text', 'a.py', 'md5("# nosec")'],
    ['as part of a word', 'a.py', 'md5()  # nosecrets here'],
    ['without its sign', 'a.go', 'md5() // nosec'],
    ['on the line above, in Python', 'a.py', '# nosec\nmd5()'],
    ['behind code on the line above', 'a.go', 'x() // #nosec\nmd5()'],
    ['behind the block that it opens', 'a.go', 'x{ // #nosec\n}\nmd5()'],
    ['behind the end of its comment', 'a.go', 'md5() /* # */; nosec()'],
    ['in a language of neither', 'a.rb', 'md5()  # nosec'],
    ['where a block around the block opens', 'a.go', 'x{ // #nosec\n y{\n md5()}}'],
  ])('%s', (_, path, content) => {
    const [shown, hidden] = outcome(path, content);
    expect(shown).toHaveLength(1);
    expect(hidden).toEqual([]);
  });

  test('unless the caller lets it', () => {
    expect(outcome('a.py', 'md5()  # nosec', false)).toEqual([['weak-hash@1'], []]);
  });

  test('an sg-ignore that says the same is not called unused', () => {
    const line = 'md5()  # nosec  # sg-ignore: weak-hash -- a file name';
    expect(outcome('a.py', line)).toEqual([[], ['weak-hash by 1: a file name']]);
  });
});
