/** The index by kernel against the one by automaton alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexLiterals } from '../../../engine/match/index-literals.ts';
import { planPattern, type PatternPlan } from '../../../engine/match/plan.ts';
import { createKernel } from '../../../host/kernel.ts';

const words = ['ab', 'b+', '­', 'а', 'abc', 'skab', 'babcabc', 'k', 'K'];

function planOf(source: string): PatternPlan {
  const planned = planPattern(source);
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.plan;
}

test('literals of any length are found, in every kind of text', () => {
  const source = fc
    .array(fc.constantFrom(...words.slice(0, 7)), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part) => part.replace('+', String.raw`\+`)).join('|'))
    .chain((all) => fc.constantFrom(all, `(?i)${all}`));
  const text = fc.array(fc.constantFrom(...words, ' ', 'x'), { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(source, { minLength: 1, maxLength: 6 }), text, (sources, parts) => {
      const plans = sources.map(planOf);
      const bytes = Buffer.from(parts.join(''));
      const fast = indexLiterals(plans, [], createKernel()).search(bytes);
      const plain = indexLiterals(plans, []).search(bytes);
      expect(plans.map((_, plan) => fast.occurrences.get(plan))).toEqual(
        plans.map((_, plan) => plain.occurrences.get(plan)),
      );
      expect(new Set(fast.flagged)).toEqual(new Set(plain.flagged));
    }),
    { numRuns: 300 },
  );
});
