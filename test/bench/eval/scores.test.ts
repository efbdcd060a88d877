/** The arithmetic, on tables that were computed by hand. */
import { describe, expect, it, test } from 'vitest';
import { proportionOf } from '../../../bench/eval/proportion.ts';
import { claimsOf, funnelOf, scoresOf, stabilityOf } from '../../../bench/eval/scores.ts';
import { spendingOf } from '../../../bench/eval/spending.ts';
import type { Stage, ToldFinding, Trial } from '../../../bench/eval/trial.ts';

const CLAIMS = {
  said: 0,
  told: 0,
  duplicate: 0,
  'unknown-file': 0,
  'no-such-code': 0,
  'there-before': 0,
};

/** `.` silent, `?` not reviewed; of a finding `p` says right place, `w` right weakness, `x` neither, `b` both. */
type Mark = '.' | '?' | 'p' | 'w' | 'x' | 'b';

function trial(pair: string, side: Trial['side'], mark: Mark, round = 1): Trial {
  const told: ToldFinding[] =
    mark === '.' || mark === '?'
      ? []
      : [
          {
            path: 'a.py',
            line: 1,
            cwe: 'CWE-89',
            severity: 'high',
            confidence: 'high',
            title: 't',
            place: 'in-diff',
            isAtPlace: mark === 'p' || mark === 'b',
            weakness: mark === 'w' ? 'family' : mark === 'b' ? 'exact' : 'other',
          },
        ];
  const verdict = mark === '?' ? 'not-reviewed' : told.length > 0 ? 'flagged' : 'silent';
  return { pair, side, round, verdict, told, claims: CLAIMS, attempts: [] };
}

/** One pair a column: the vulnerable sides above the fixed ones. */
function trials(vulnerable: string, fixed: string): Trial[] {
  return vulnerable
    .split('')
    .flatMap((mark, index) => [
      trial(`p${index}`, 'vulnerable', mark as Mark),
      trial(`p${index}`, 'fixed', (fixed[index] ?? '.') as Mark),
    ]);
}

describe('proportionOf', () => {
  // n, x, and the bounds of Wilson's interval as (x + z²/2 ± z √(x(n-x)/n + z²/4)) / (n + z²), z² = 3.8415.
  test.each([
    [8, 10, 0.8, 0.4902, 0.9433],
    [5, 10, 0.5, 0.2366, 0.7634],
    [0, 10, 0, 0, 0.2775],
    [10, 10, 1, 0.7225, 1],
    [50, 100, 0.5, 0.4038, 0.5962],
    [1, 1, 1, 0.2065, 1],
  ])('%i of %i', (hits, of, value, low, high) => {
    const found = proportionOf(hits, of);
    expect(found).toMatchObject({ hits, of, value });
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it('of nothing is nothing, and not 0', () => {
    expect(proportionOf(0, 0)).toEqual({
      hits: 0,
      of: 0,
      value: undefined,
      low: undefined,
      high: undefined,
    });
  });

  it('of the same cases again is no more certain', () => {
    const { low, high } = proportionOf(8, 10);
    expect(proportionOf(24, 30, 3)).toEqual({ hits: 24, of: 30, value: 0.8, low, high });
  });
});

describe('scoresOf', () => {
  // Ten pairs:                     0123456789
  const scores = scoresOf(trials('bbpwx..?b.', '..x..x.x?.'), 1);

  test.each([
    // 9 vulnerable sides with a verdict, of which 6 are flagged; 9 fixed ones, of which 3 are (2, 5 and 7).
    ['any', { found: 6, missed: 3, stray: 0, precision: 6 / 9, recall: 6 / 9, f1: 12 / 18 }],
    // Found: 0, 1, 2, 8. Stray: 3, 4.
    ['place', { found: 4, missed: 5, stray: 2, precision: 4 / 9, recall: 4 / 9, f1: 8 / 18 }],
    // Found: 0, 1, 3, 8. Stray: 2, 4.
    ['weakness', { found: 4, missed: 5, stray: 2, precision: 4 / 9, recall: 4 / 9, f1: 8 / 18 }],
    // Found: 0, 1, 8. Stray: 2, 3, 4.
    ['both', { found: 3, missed: 6, stray: 3, precision: 3 / 9, recall: 3 / 9, f1: 6 / 18 }],
  ] as const)('by %s', (criterion, { precision, recall, ...counts }) => {
    const score = scores.by[criterion];
    expect(score).toMatchObject({ ...counts, alarmed: 3, silent: 6 });
    expect(score.precision.value).toBeCloseTo(precision, 12);
    expect(score.recall.value).toBeCloseTo(recall, 12);
  });

  it('pairwise: of the pairs with both verdicts, those that are right on both sides', () => {
    // Judged are all but 7 and 8; right by any are 0, 1, 3, 4, by place 0, 1, by weakness 0, 1, 3.
    const pairwise = Object.values(scores.by).map((each) => [each.pairwise.hits, each.pairwise.of]);
    expect(pairwise).toEqual([
      [4, 8],
      [2, 8],
      [3, 8],
      [2, 8],
    ]);
  });

  it('pairs by what was flagged', () => {
    expect(scores.pairs).toEqual({
      right: 4,
      'both-flagged': 1,
      'both-silent': 2,
      reversed: 1,
      unknown: 2,
    });
  });

  it('a side without a verdict is neither found nor clean', () => {
    expect(scores.notReviewed).toEqual({ vulnerable: 1, fixed: 1 });
    const none = scoresOf(trials('???', '???'), 1);
    expect(none.by.any).toMatchObject({
      found: 0,
      missed: 0,
      alarmed: 0,
      silent: 0,
      f1: undefined,
    });
    expect(none.by.any.recall.value).toBeUndefined();
    expect(none.notReviewed).toEqual({ vulnerable: 3, fixed: 3 });
    expect(none.pairs.unknown).toBe(3);
  });

  it('throws for half a pair: that is a bug, and no figure', () => {
    expect(() => scoresOf([trial('p', 'vulnerable', '.')], 1)).toThrow('p lacks its fixed side');
  });
});

describe('funnelOf', () => {
  it('counts who came at least so far, of the sides with a verdict', () => {
    const at = (reached: Stage | undefined, mark: Mark = '.'): Trial => ({
      ...trial('p', 'vulnerable', mark),
      ...(reached === undefined ? {} : { reached }),
    });
    const funnel = funnelOf(
      [
        at('said'),
        at('quoted'),
        at('new'),
        at('told'),
        at('told'),
        at(undefined),
        at(undefined, '?'),
      ],
      1,
    );
    expect(Object.entries(funnel).map(([stage, { hits, of }]) => [stage, hits, of])).toEqual([
      ['said', 5, 6],
      ['quoted', 4, 6],
      ['new', 3, 6],
      ['severe', 2, 6],
      ['told', 2, 6],
    ]);
  });
});

describe('claimsOf', () => {
  it('adds up one kind of side', () => {
    const one = { ...trial('p', 'fixed', '.'), claims: { ...CLAIMS, said: 3, 'no-such-code': 3 } };
    const two = {
      ...trial('q', 'fixed', 'x'),
      claims: { ...CLAIMS, said: 2, told: 1, duplicate: 1 },
    };
    const other = { ...trial('q', 'vulnerable', '.'), claims: { ...CLAIMS, said: 9 } };
    expect(claimsOf([one, two, other], 'fixed')).toEqual({
      ...CLAIMS,
      said: 5,
      'no-such-code': 3,
      told: 1,
      duplicate: 1,
    });
  });
});

describe('stabilityOf', () => {
  it('is of sides with a verdict in two rounds or more', () => {
    const rounds = [
      trial('a', 'fixed', '.', 1),
      trial('a', 'fixed', '.', 2),
      trial('a', 'fixed', '.', 3),
      trial('b', 'fixed', '.', 1),
      trial('b', 'fixed', 'x', 2),
      trial('b', 'fixed', '.', 3),
      trial('c', 'fixed', 'x', 1),
      trial('c', 'fixed', '?', 2),
      trial('c', 'fixed', '?', 3),
      trial('d', 'fixed', 'x', 1),
      trial('d', 'fixed', '?', 2),
      trial('d', 'fixed', 'p', 3),
    ];
    expect(stabilityOf(rounds)).toMatchObject({ hits: 2, of: 3 });
  });
});

describe('spendingOf', () => {
  it('is by model, with failed calls in it', () => {
    const usage = {
      inputTokens: 1_000_000,
      outputTokens: 100_000,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
    };
    const call = { provider: 'anthropic', model: 'claude-opus-5-5', milliseconds: 100, usage };
    const spending = spendingOf([
      { ...trial('a', 'fixed', '.'), attempts: [call, { ...call, milliseconds: 300 }] },
      {
        ...trial('a', 'vulnerable', '?'),
        attempts: [{ provider: 'x', model: 'own', milliseconds: 7, failure: 'stall', usage }],
      },
    ]);
    // 4 USD a million in and 20 a million out: 4 + 2 a call.
    expect(spending).toMatchObject([
      { model: 'claude-opus-5-5', calls: 2, failures: {}, inputTokens: 2_000_000, usd: 12 },
      { model: 'own', calls: 1, failures: { stall: 1 }, usd: undefined, ms: { p50: 7 } },
    ]);
    expect(spending[0]?.ms).toMatchObject({ count: 2, p50: 100, max: 300 });
  });
});
