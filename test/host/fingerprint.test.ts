import { describe, expect, it } from 'vitest';
import { fingerprints } from '../../host/fingerprint.ts';
import { finding } from '../cli/helpers/report.ts';

describe('fingerprints', () => {
  it('ignore line numbers and tell twins apart', () => {
    const [first, twin, other] = fingerprints([
      finding('a', 1, 'x'),
      finding('a', 5, 'x'),
      finding('b', 1, 'x'),
    ]);
    expect(fingerprints([finding('a', 99, 'x')])).toEqual([first]);
    expect(new Set([first, twin, other]).size).toBe(3);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
  });
});
