import { describe, expect, it } from 'vitest';
import { formatBytes, formatMeasure, formatNumber } from '../../bench/measure.ts';
import { table } from '../../bench/table.ts';

describe('figures', () => {
  it.each([
    [1234.5, '1235'],
    [98.76, '98.8'],
    [1.234, '1.23'],
    [0.1234, '0.123'],
    [0.001234, '0.0012'],
    [0, '0.00'],
    [-42.19, '-42.2'],
    [Number.NaN, '?'],
    [Infinity, '?'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    ['x', '1.50x'],
    ['ms', '1.50 ms'],
    ['MB', '1.50 MB'],
    ['count', '1.5'],
  ] as const)('in %s: %s', (unit, text) => {
    expect(formatMeasure({ unit }, 1.5)).toBe(text);
  });

  it.each([
    [512, '512 B'],
    [1024, '1 KB'],
    [100 * 1024, '100 KB'],
    [5 << 20, '5 MB'],
    [5.25 * (1 << 20), '5.3 MB'],
    [10.49 * (1 << 20), '10 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('a table', () => {
  it('has columns in line', () => {
    const rows = [
      ['a long name', 1, '2.0x'],
      ['b', 1000, ''],
    ];
    expect(table(['name', 'n', 'ratio'], rows)).toBe(
      ['  name            n  ratio', '  a long name     1   2.0x', '  b            1000', ''].join(
        '\n',
      ),
    );
  });
});
