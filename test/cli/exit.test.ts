import { describe, expect, it } from 'vitest';
import { scanExitCode } from '../../cli/exit.ts';

describe('scanExitCode', () => {
  it.each([
    [[], 'low', 0, 0],
    [['low'], 'low', 0, 1],
    [['low', 'medium'], 'high', 0, 0],
    [['critical'], 'high', 0, 1],
    [['critical'], 'never', 0, 0],
    [[], 'never', 1, 2],
    [['critical'], 'low', 1, 2],
  ] as const)(
    '%j with --fail-on %s and %d not scanned is %d',
    (severities, failOn, notScanned, code) => {
      expect(scanExitCode(severities, failOn, notScanned)).toBe(code);
    },
  );
});
