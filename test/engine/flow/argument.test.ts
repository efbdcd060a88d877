/** Which expression is asked about where a rule names no group: the argument that a match ends in. */
import { expect, test } from 'vitest';
import type { Condition } from '../../../engine/rule.ts';
import { rule, scanText } from '../scan-text.ts';

const VARIABLE: Condition = {
  within: 'flow',
  lines: 40,
  is: 'variable',
  pattern: '',
  without: ['\\bint\\(|\\bNumber\\(|\\bALLOWED\\b|int\\s+\\w+$|\\bin \\('],
};
/** Ends in the first character of what is run. */
const SINK = rule('r', 'run\\(\\s*[^)\\s]', { requires: [VARIABLE] });
const GROUP = rule('r', 'run\\((?P<value>[^,)]+)[^)]*\\)', {
  requires: [{ ...VARIABLE, of: 'value' }],
});

const isFound = (path: string, lines: readonly string[], by = SINK): boolean => {
  const { findings, incomplete } = scanText([by], path, lines.join('\n'));
  expect(incomplete).toEqual([]);
  return findings.length > 0;
};

test('of a group a literal is a constant, and of what a match ends in it says nothing', () => {
  expect(isFound('a.py', ['run("ls", shell=True)'], GROUP)).toBe(false);
  expect(isFound('a.py', ['run("ls", shell=True)'])).toBe(true);
  expect(isFound('a.py', ['run(a, shell=True)'], GROUP)).toBe(true);
});

test('a match that ends in a bracket is about all that is put in', () => {
  const format = rule('r', 'run\\("[^"]*" % \\(', { requires: [VARIABLE] });
  expect(isFound('a.py', ['a = int(b)', 'run("%d %s" % (a, b))'], format)).toBe(true);
  expect(isFound('a.py', ['a = int(b)', 'run("%d %s" % (a, "c"))'], format)).toBe(false);
});

test('of a match over several statements each counts', () => {
  const several = rule('r', 'a = [^\\n]*\\n(?:\\w \\+?= [^\\n]*\\n)?run\\(\\w', {
    requires: [VARIABLE],
  });
  expect(isFound('a.py', ['a = "x"', 'run(a)'], several)).toBe(false);
  expect(isFound('a.py', ['a = "x" + b', 'run(c)'], several)).toBe(true);
  expect(isFound('a.py', ['a = "x" + ROOT', 'run(c)'], several)).toBe(true);
  expect(isFound('a.py', ['a = "x"', 'b = c', 'run(a)'], several)).toBe(false);
  expect(isFound('a.py', ['a = "x"', 'a += c', 'run(a)'], several)).toBe(true);
  expect(isFound('a.py', ['a = "x"', 'b = "y"', 'run(a)'], several)).toBe(false);
});
