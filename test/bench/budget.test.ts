import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeBroken, judge, parseBudgets } from '../../bench/budget.ts';
import type { Measure } from '../../bench/measure.ts';
import { SUITES } from '../../bench/suites.ts';

const measures: readonly Measure[] = [
  { name: 'latency/process/warm clean/p50', value: 0.41, unit: 'x', better: 'lower' },
  { name: 'latency/hostile/missed', value: 0, unit: 'count', better: 'lower' },
  { name: 'engine/25 rules/clean', value: 81.6, unit: 'x', better: 'higher' },
  { name: 'linear/python-eval', value: 2.2, unit: 'x', better: 'lower' },
  { name: 'linear/python-yaml', value: 3.4, unit: 'x', better: 'lower' },
];

/** The messages for a budget file, as the gate prints them. */
function broken(text: string, suites: readonly string[] = SUITES): string[] {
  const parsed = parseBudgets('my.json', text);
  if (!parsed.ok) throw new Error(parsed.message);
  return judge(parsed.budgets, measures, suites).map((each) => describeBroken(parsed.file, each));
}

describe('budgets', () => {
  it.each([
    ['a cost within its bound', '{"latency/process/warm clean/p50": 0.41}', []],
    [
      'a cost above its bound',
      '{\n  "latency/process/warm clean/p50": 0.3\n}',
      ['my.json:2: "latency/process/warm clean/p50": 0.3: is 0.410x, expected at most 0.300x'],
    ],
    ['a speedup above its bound', '{"engine/25 rules/clean": 80}', []],
    [
      'a speedup below its bound',
      '{"engine/25 rules/clean": 100}',
      ['my.json:1: "engine/25 rules/clean": 100: is 81.6x, expected at least 100x'],
    ],
    [
      'each measure under a star',
      '{"linear/*": 3}',
      ['my.json:1: "linear/*": 3: linear/python-yaml is 3.40x, expected at most 3.00x'],
    ],
    [
      'a name that nothing has',
      '{"latency/proces": 1}',
      ['my.json:1: "latency/proces": 1: nothing of that name was measured'],
    ],
    ['zero of a count', '{"latency/hostile/missed": 0}', []],
  ])('%s', (_name, text, expected) => {
    expect(broken(text)).toEqual(expected);
  });

  it('of suites that did not run are not judged', () => {
    expect(broken('{"engine/25 rules/clean": 100, "scan/whole": 1}', ['latency'])).toEqual([]);
  });

  it('are not kept by a value that is no number', () => {
    const measure: Measure = { name: 'scan/whole', value: Number.NaN, unit: 'x', better: 'lower' };
    expect(judge([{ name: 'scan/whole', bound: 9, line: 1 }], [measure], ['scan'])).toHaveLength(1);
  });

  it.each([
    ['no JSON', '{', 'my.json: not JSON: '],
    ['a list', '[]', 'my.json: expected an object of measure names and numbers'],
    ['text', '{\n"a": 1,\n"b": "2"}', 'my.json:3: "b" is "2", expected a number'],
  ])('are refused with the place: %s', (_name, text, message) => {
    const parsed = parseBudgets('my.json', text);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(message) });
  });
});

describe('bench/budgets.json', () => {
  const file = new URL('../../bench/budgets.json', import.meta.url);
  const text = readFileSync(file, 'utf8');

  it('bounds measures of suites that there are', () => {
    const parsed = parseBudgets('budgets.json', text);
    if (!parsed.ok) throw new Error(parsed.message);
    const suites = new Set(parsed.budgets.map(({ name }) => name.split('/', 1)[0]));
    expect(SUITES).toEqual(expect.arrayContaining([...suites]));
    expect(suites).toContain('latency');
  });

  it('has the lines that the program counts, which knows only its data', () => {
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  });
});
