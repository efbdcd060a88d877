/** Every oracle's figures, worked out by hand: of N pairs, of which five hold instructions to a reviewer. */
import { beforeAll, describe, expect, it, test } from 'vitest';
import type { OracleName } from '../../../bench/eval/oracles.ts';
import { ORACLES } from '../../../bench/eval/oracles.ts';
import type { EvalReport } from '../../../bench/eval/report.ts';
import { oracleReport, PAIRS } from './support.ts';

const N = PAIRS.length;
const INJECTED = 5;

const reports = new Map<OracleName, EvalReport>();
beforeAll(async () => {
  for (const name of ORACLES) reports.set(name, await oracleReport(name));
});

function report(name: OracleName): EvalReport {
  const found = reports.get(name);
  if (found === undefined) throw new Error(`no report of ${name}`);
  return found;
}

function figures(name: OracleName, criterion: 'any' | 'place' | 'weakness' | 'both') {
  const { precision, recall, pairwise, ...rest } = report(name).scores.by[criterion];
  return { ...rest, precision: precision.value, recall: recall.value, pairwise: pairwise.value };
}

const PERFECT = {
  found: N,
  missed: 0,
  stray: 0,
  alarmed: 0,
  silent: N,
  precision: 1,
  recall: 1,
  f1: 1,
  pairwise: 1,
};
const SILENT = {
  found: 0,
  missed: N,
  stray: 0,
  alarmed: 0,
  silent: N,
  precision: undefined,
  recall: 0,
  f1: 0,
  pairwise: 0,
};
/** Both sides of each pair: every finding on the fixed side is a false alarm. */
const NOISY = {
  found: N,
  missed: 0,
  stray: 0,
  alarmed: N,
  silent: 0,
  precision: 0.5,
  recall: 1,
  f1: 2 / 3,
  pairwise: 0,
};
/**
 * One change only swaps two lines. Each of them alone is old code, which is not told; the finding that is left, a
 * comment, is beside the place.
 */
const SWAPPED = 1;
const NOISY_BY_PLACE = {
  found: N - SWAPPED,
  missed: SWAPPED,
  stray: SWAPPED,
  alarmed: N,
  silent: 0,
  precision: (N - SWAPPED) / (2 * N),
  recall: (N - SWAPPED) / N,
  f1: (2 * (N - SWAPPED)) / (3 * N),
  pairwise: 0,
};
/** Nothing that it says has the right name, so each vulnerable side is missed and wrongly flagged as well. */
const NOISY_BY_WEAKNESS = {
  found: 0,
  missed: N,
  stray: N,
  alarmed: N,
  silent: 0,
  precision: 0,
  recall: 0,
  f1: 0,
  pairwise: 0,
};
const OBEDIENT = {
  found: N - INJECTED,
  missed: INJECTED,
  stray: 0,
  alarmed: 0,
  silent: N,
  precision: 1,
  recall: (N - INJECTED) / N,
  f1: (2 * (N - INJECTED)) / (2 * (N - INJECTED) + INJECTED),
  pairwise: (N - INJECTED) / N,
};

test('five pairs hold instructions', () => {
  expect(PAIRS.filter(({ injected }) => injected !== undefined)).toHaveLength(INJECTED);
});

describe('the figures of', () => {
  test.each<[OracleName, 'any' | 'place' | 'weakness' | 'both', object]>([
    ['perfect', 'any', PERFECT],
    ['perfect', 'place', PERFECT],
    ['perfect', 'weakness', PERFECT],
    ['perfect', 'both', PERFECT],
    ['silent', 'any', SILENT],
    ['silent', 'both', SILENT],
    ['noisy', 'any', NOISY],
    ['noisy', 'place', NOISY_BY_PLACE],
    ['noisy', 'weakness', NOISY_BY_WEAKNESS],
    ['noisy', 'both', NOISY_BY_WEAKNESS],
    ['lazy', 'any', SILENT],
    ['lazy', 'weakness', SILENT],
    ['prompt-injected', 'any', OBEDIENT],
    ['prompt-injected', 'both', OBEDIENT],
  ])('%s, by %s', (name, criterion, expected) => {
    expect(figures(name, criterion)).toEqual(expected);
  });

  it('noisy, by place: the pair that it misses', () => {
    const missed = report('noisy').pairs.flatMap(({ id, trials }) =>
      trials.some(({ side, told }) => side === 'vulnerable' && !told.some((one) => one.isAtPlace))
        ? [id]
        : [],
    );
    expect(missed).toEqual(['c-use-after-free-client']);
  });

  it('pairs by what was flagged', () => {
    const none = { right: 0, 'both-flagged': 0, 'both-silent': 0, reversed: 0, unknown: 0 };
    const pairs = (name: OracleName): object => report(name).scores.pairs;
    expect(pairs('perfect')).toEqual({ ...none, right: N });
    expect(pairs('silent')).toEqual({ ...none, 'both-silent': N });
    expect(pairs('noisy')).toEqual({ ...none, 'both-flagged': N });
    expect(pairs('lazy')).toEqual({ ...none, 'both-silent': N });
    expect(pairs('prompt-injected')).toEqual({
      ...none,
      right: N - INJECTED,
      'both-silent': INJECTED,
    });
  });
});

describe('the stages of', () => {
  const reached = (name: OracleName): number[] =>
    Object.values(report(name).funnel ?? {}).map(({ hits }) => hits);

  test.each<[OracleName, number[]]>([
    ['perfect', [N, N, N, N, N]],
    ['silent', [0, 0, 0, 0, 0]],
    ['noisy', [0, 0, 0, 0, 0]],
    ['lazy', [N, 0, 0, 0, 0]],
    ['prompt-injected', [N - INJECTED, N - INJECTED, N - INJECTED, N - INJECTED, N - INJECTED]],
  ])('%s', (name, expected) => {
    expect(reached(name)).toEqual(expected);
  });

  it('lazy: everything is dropped for its quote, on both sides', () => {
    const dropped = {
      said: N,
      told: 0,
      duplicate: 0,
      'unknown-file': 0,
      'no-such-code': N,
      'there-before': 0,
    };
    expect(report('lazy').claims).toEqual({ vulnerable: dropped, fixed: dropped });
  });

  it('noisy: what it says is told, joined or dropped as old, and nothing is lost', () => {
    const { vulnerable, fixed } = report('noisy').claims;
    for (const { said, told = 0, duplicate = 0, ...dropped } of [vulnerable, fixed]) {
      expect([dropped['no-such-code'], dropped['unknown-file']]).toEqual([0, 0]);
      expect(told + duplicate + (dropped['there-before'] ?? 0)).toBe(said);
      expect(told).toBeGreaterThan(N);
    }
  });
});

describe('every report', () => {
  test.each(ORACLES)('of %s says that it is of a scripted oracle', (name) => {
    expect(report(name).label).toBe('scripted oracle, says nothing of a model');
  });

  test.each(ORACLES)('of %s has groups that add up', (name) => {
    const { groups } = report(name);
    for (const grouping of ['cwe', 'language', 'severity'] as const) {
      const sum = groups[grouping].reduce((total, { scores }) => total + scores.by.any.found, 0);
      expect(sum, grouping).toBe(report(name).scores.by.any.found);
    }
    expect(groups.trait.find((group) => group.name === 'injected-instructions')?.pairs).toBe(
      INJECTED,
    );
  });

  it('shows where the injected oracle fails, and only there', () => {
    const missed = report('prompt-injected').groups.trait.flatMap(({ name, scores }) =>
      scores.by.any.missed === 0 ? [] : [[name, scores.by.any.missed]],
    );
    expect(missed).toContainEqual(['injected-instructions', INJECTED]);
    expect(missed.map(([name]) => name)).not.toContain('none');
  });
});

it('rounds multiply the counts and leave the intervals as they are', async () => {
  const pairs = PAIRS.slice(0, 10);
  const once = await oracleReport('perfect', { pairs });
  const thrice = await oracleReport('perfect', { pairs, rounds: 3 });
  expect(thrice.scores.by.any.found).toBe(30);
  expect(thrice.scores.by.any.recall.low).toBeCloseTo(once.scores.by.any.recall.low ?? 0, 12);
  expect(thrice.stability).toMatchObject({ hits: 20, of: 20, value: 1 });
  expect(once.stability).toMatchObject({ of: 0, value: undefined });
});
