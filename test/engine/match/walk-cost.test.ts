import { describe, expect, test } from 'vitest';
import { stepsOf, type Steps } from '../../../engine/match/steps.ts';
import { isBackFirst } from '../../../engine/match/walk-cost.ts';
import { parsePattern } from '../../../engine/regex/parse.ts';

/** Of what stands behind a literal, walking away from it. */
function steps(pattern: string): Steps {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return stepsOf(parsed.node, 'forward', 0);
}

describe('the side of a literal that is followed first', () => {
  test.each<[string, string, string]>([
    ['one byte, not a whole line', '=', '[^\\n]*;'],
    ['a rare byte, not a frequent one', '@', '\\w'],
    ['one byte of a few, not of many', '[()]', '[a-z]'],
    ['what tells something, not what tells nothing', '=', '[^\\n]*'],
    ['a line, not several', '[^\\n]*=', '[^\\n]*\\n(?:[^\\n]*\\n){0,6}='],
    ['one branch, not three', '\\w+=', '(?:\\w+=|\\w+:|\\w+,)'],
    ['a word that is rare, not one byte of it', 'q', '\\w*[aeiou]'],
  ])('%s', (_, first, second) => {
    expect(isBackFirst(steps(first), steps(second))).toBe(true);
    expect(isBackFirst(steps(second), steps(first))).toBe(false);
  });

  test('what stands behind it, where neither is better', () => {
    expect(isBackFirst(steps('\\w+='), steps('\\w+='))).toBe(false);
  });
});
