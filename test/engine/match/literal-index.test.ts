import { describe, expect, test } from 'vitest';
import { LiteralIndex } from '../../../engine/match/literal-index.ts';
import { type PatternPlan, planPattern } from '../../../engine/match/plan.ts';
import { createKernel } from '../../../host/wasm.ts';

function plansOf(...sources: readonly string[]): readonly PatternPlan[] {
  return sources.map((source) => {
    const planned = planPattern(source);
    if (!planned.ok) throw new Error(planned.error.message);
    return planned.plan;
  });
}

describe('the kernel and the automaton find the same', () => {
  const plans = plansOf('evil', '(?i)task', '(?:\\x{430}|\\x{435})x?', '#\\{', '\\x{202E}|ab');
  test.each([
    ['ASCII', 'an evil TASK with #{name} and ab'],
    ['letters outside of ASCII', 'evil \u0430x task \u0435 #{'],
    ['folding characters', 'ta\u017fk \u0430 evil ab'],
    ['nothing', 'plain text'],
    ['short literals alone', '\u202e \u0430'],
  ])('%s', (_, text) => {
    const bytes = Buffer.from(text);
    const plain = new LiteralIndex(plans, []).search(bytes);
    const fast = new LiteralIndex(plans, [], createKernel()).search(bytes);
    const sorted = (of: typeof plain) => [...of.flagged].sort((a, b) => a - b);
    expect(sorted(fast)).toEqual(sorted(plain));
    for (const plan of plain.flagged)
      expect(fast.occurrences[plan]).toEqual(plain.occurrences[plan]);
  });
});
