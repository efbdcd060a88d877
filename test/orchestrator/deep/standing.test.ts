/** The whole table of what a finding may claim, and what is cut. */
import { expect, test } from 'vitest';
import { confidenceOf, isKept } from '../../../orchestrator/deep/standing.ts';
import { REVIEW_CONFIDENCES, REVIEW_SEVERITIES } from '../../../orchestrator/finding.ts';

test.each([
  ['in-diff', true, 'upheld', 'high'],
  ['in-diff', true, 'unverified', 'medium'],
  ['in-diff', false, 'upheld', 'medium'],
  ['in-diff', false, 'unverified', 'low'],
  ['off-diff', true, 'upheld', 'medium'],
  ['off-diff', true, 'unverified', 'low'],
  ['off-diff', false, 'upheld', 'low'],
  ['off-diff', false, 'unverified', 'low'],
] as const)('%s, exact %s, %s: at most %s', (place, exact, verdict, ceiling) => {
  for (const claimed of REVIEW_CONFIDENCES) {
    const got = confidenceOf(claimed, { place, exact, verdict });
    const rank = (each: typeof got): number => REVIEW_CONFIDENCES.indexOf(each);
    expect(rank(got)).toBe(Math.min(rank(claimed), rank(ceiling)));
  }
});

test('only a medium that its own author doubts is cut', () => {
  const cut = REVIEW_SEVERITIES.flatMap((severity) =>
    REVIEW_CONFIDENCES.filter((claimed) => !isKept(severity, claimed, false)).map(
      (claimed) => `${severity} ${claimed}`,
    ),
  );
  expect(cut).toEqual(['medium low']);
  expect(REVIEW_CONFIDENCES.some((claimed) => isKept('medium', claimed, true))).toBe(false);
  expect(isKept('high', 'low', true)).toBe(true);
});
