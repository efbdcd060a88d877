import { describe, expect, it } from 'vitest';
import { compareRuns, formatComparison } from '../../bench/compare.ts';
import type { Measure } from '../../bench/measure.ts';
import { parseSavedRun, recordOf, type SavedRun } from '../../bench/record.ts';

const MACHINE = { node: '20.20.2', platform: 'linux x64', cpu: 'Made up', cpus: 2, memoryGb: 24 };

function run(measures: readonly Measure[], changes: Partial<SavedRun> = {}): SavedRun {
  return {
    version: '1.0.0',
    at: '2026-01-01T00:00:00.000Z',
    machine: MACHINE,
    measures,
    ...changes,
  };
}

const cost = (name: string, value: number): Measure => ({
  name,
  value,
  unit: 'x',
  better: 'lower',
});
const speed = (name: string, value: number): Measure => ({
  ...cost(name, value),
  better: 'higher',
});

describe('a comparison', () => {
  it('shows then, now and the difference, and marks what became worse', () => {
    const earlier = run([
      cost('hook/a', 1),
      cost('hook/b', 1),
      speed('hook/c', 100),
      cost('hook/gone', 1),
      cost('scan/whole', 3),
      cost('hook/zero', 0),
    ]);
    const now = run([
      cost('hook/a', 1.05),
      cost('hook/b', 1.5),
      speed('hook/c', 50),
      cost('hook/zero', 2),
      cost('hook/new', 2),
    ]);
    expect(formatComparison(compareRuns(earlier, now))).toMatchInlineSnapshot(`
      "  measure     then    now  difference
        hook/a     1.00x  1.05x        +5 %
        hook/b     1.00x  1.50x       +50 %  !
        hook/c      100x  50.0x       -50 %  !
        hook/zero  0.00x  2.00x      from 0  !
        hook/new       -  2.00x         new
        hook/gone  1.00x      -        gone
      "
    `);
  });

  it('says nothing of machines and versions that are the same', () => {
    expect(compareRuns(run([]), run([])).warnings).toEqual([]);
  });

  it('warns when machine or version differ', () => {
    const other = run([], { version: '1.1.0', machine: { ...MACHINE, cpus: 8 } });
    const { warnings } = compareRuns(run([]), other);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('2 x Made up');
    expect(warnings[0]).toContain('8 x Made up');
    expect(warnings[1]).toContain('then 1.0.0, now 1.1.0');
  });
});

describe('a saved run', () => {
  const record = recordOf({ ...run([cost('hook/a', 1)]), suites: ['hook'], results: {} });

  it('is read back', () => {
    const parsed = parseSavedRun('run.json', JSON.stringify(record));
    expect(parsed).toMatchObject({ ok: true, run: { measures: record.measures } });
  });

  it.each([
    ['no JSON', '{"format":', 'run.json: not JSON: '],
    ['another format', JSON.stringify({ ...record, format: 2 }), 'expected a run of format 1'],
    ['no machine', JSON.stringify({ ...record, machine: {} }), 'expected a run of format 1'],
    [
      'a measure without a value',
      JSON.stringify({ ...record, measures: [{ name: 'a', unit: 'x', better: 'lower' }] }),
      'expected a run of format 1',
    ],
    ['null', 'null', 'expected a run of format 1'],
  ])('is refused: %s', (_name, text, message) => {
    expect(parseSavedRun('run.json', text)).toMatchObject({
      ok: false,
      message: expect.stringContaining(message),
    });
  });
});
