/** A rule that asks whether the value it ends in is variable. */
import { expect } from 'vitest';
import type { Condition, Rule } from '../../../engine/rule.ts';
import { rule, scanText } from '../scan-text.ts';

export const VARIABLE: Condition = {
  within: 'flow',
  lines: 40,
  is: 'variable',
  pattern: '',
  without: ['\\bint\\(|\\bNumber\\(|\\bALLOWED\\b|int\\s+\\w+$|\\bin \\('],
};
/** Ends in the first character of what is run. */
export const SINK: Rule = rule('r', 'run\\(\\s*[^)\\s]', { requires: [VARIABLE] });

export function isFound(path: string, lines: readonly string[], by: Rule = SINK): boolean {
  const { findings, incomplete } = scanText([by], path, lines.join('\n'));
  expect(incomplete).toEqual([]);
  return findings.length > 0;
}
