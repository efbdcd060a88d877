import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distributionOf,
  inTurn,
  interleaved,
  median,
  percentile,
  ratiosOf,
} from '../../bench/statistics.ts';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    ['the median of four is a measured one', [1, 2, 3, 4], 0.5, 2],
    ['95 of 100', hundred, 0.95, 95],
    ['99 of 100', hundred, 0.99, 99],
    ['all', hundred, 1, 100],
    ['none', hundred, 0, 1],
    ['of one', [7], 0.99, 7],
  ])('%s', (_name, sorted, share, expected) => {
    expect(percentile(sorted, share)).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
    expect(median([])).toBeNaN();
  });

  it('is the smallest value that the share does not exceed', () => {
    const series = fc.array(fc.integer(), { minLength: 1 });
    fc.assert(
      fc.property(series, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const sorted = [...values].sort((a, b) => a - b);
        const value = percentile(sorted, share);
        const upTo = (limit: number): number => sorted.filter((each) => each <= limit).length;
        const below = sorted.filter((each) => each < value).length;
        expect(upTo(value)).toBeGreaterThanOrEqual(share * sorted.length - 1e-9);
        expect(below).toBeLessThan(share * sorted.length);
      }),
    );
  });
});

describe('distributions', () => {
  it('do not depend on the order', () => {
    const expected = { count: 4, p50: 2, p95: 4, p99: 4, max: 4 };
    expect(distributionOf([4, 1, 3, 2])).toEqual(expected);
    expect(distributionOf([1, 2, 3, 4])).toEqual(expected);
  });

  it('are compared percentile by percentile', () => {
    expect(ratiosOf(distributionOf([2, 4, 6]), distributionOf([1, 1, 2]))).toEqual({
      p50: 4,
      p95: 3,
      p99: 3,
    });
  });
});

describe('inTurn', () => {
  it('runs each action once a round, beginning with another one each time', async () => {
    const ran: string[] = [];
    const actions = ['a', 'b', 'c'].map((name) => () => void ran.push(name));
    const series = await inTurn(3, actions);
    expect(ran.join('')).toBe('abcbcacab');
    expect(series.map(({ length }) => length)).toEqual([3, 3, 3]);
  });

  it('keeps each time with its action', async () => {
    const wait = (ms: number) => () => new Promise<void>((done) => setTimeout(done, ms));
    const { control, measured, ratio } = await interleaved(3, wait(1), wait(40));
    expect(measured).toBeGreaterThan(30);
    expect(measured).toBeGreaterThan(control);
    expect(ratio).toBeCloseTo(measured / control);
  });
});
