/** Which expression is asked about where a rule names no group: the argument that a match ends in. */
import { expect, test } from 'vitest';
import { rule } from '../scan-text.ts';
import { isFound, VARIABLE } from './variable.ts';

const GROUP = rule('r', 'run\\((?P<value>[^,)]+)[^)]*\\)', {
  requires: [{ ...VARIABLE, of: 'value' }],
});

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
