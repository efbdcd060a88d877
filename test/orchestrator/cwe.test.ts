import { describe, expect, it, test } from 'vitest';
import { CATEGORIES, compareCwe, cweOf } from '../../orchestrator/cwe.ts';

describe('compareCwe', () => {
  test.each([
    ['CWE-89', 'CWE-89', 'exact'],
    ['CWE-639', 'CWE-862', 'family'],
    ['CWE-78', 'CWE-94', 'family'],
    ['CWE-916', 'CWE-327', 'family'],
    ['CWE-89', 'CWE-79', 'other'],
    ['CWE-8', 'CWE-89', 'other'],
    ['CWE-2', 'CWE-22', 'other'],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(compareCwe(a, b)).toBe(expected);
    expect(compareCwe(b, a)).toBe(expected);
  });

  it('takes "other" for no weakness but itself', () => {
    const alike = Object.values(CATEGORIES).filter(
      (cwe) => compareCwe(cwe, cweOf('other')) === 'family',
    );
    expect(alike).toEqual([]);
  });
});
