import { describe, expect, it } from 'vitest';
import { composeOverdue, composePartial } from '../../../hooks/message.ts';
import { readAnswer } from '../../../bench/latency/answer.ts';

const context = { hookSpecificOutput: { hookEventName: 'PostToolUse', additionalContext: 'x' } };

describe('readAnswer', () => {
  it.each([
    ['nothing', '', { told: false, cut: false }],
    ['context', JSON.stringify(context), { told: true, cut: false }],
    ['a notice', '{"systemMessage":"a rule file"}', { told: false, cut: false }],
    [
      'what the deadline cut',
      JSON.stringify({ ...context, systemMessage: composeOverdue('a.ts', 3, 4e6) }),
      { told: true, cut: true },
    ],
    [
      'what a limit cut',
      JSON.stringify({ systemMessage: composePartial(['a.ts: too long']) }),
      { told: false, cut: true },
    ],
    ['null', 'null', { told: false, cut: false }],
  ])('%s', (_name, stdout, expected) => {
    expect(readAnswer(stdout)).toEqual(expected);
  });

  it('throws for what is no JSON', () => {
    expect(() => readAnswer('{}\n{}')).toThrow(SyntaxError);
  });
});
