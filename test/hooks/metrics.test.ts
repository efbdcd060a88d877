import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildMetrics,
  MAX_METRICS,
  patternMetrics,
  ruleNumber,
  versionNumber,
} from '../../hooks/metrics.ts';

const builtin = (parity?: string): Parameters<typeof ruleNumber>[0] => ({
  origin: 'builtin',
  ...(parity === undefined ? {} : { parity }),
});
const own = { origin: 'project' } as const;

describe('buildMetrics', () => {
  it('keeps the order, the first of a name, and what the host takes', () => {
    const metrics = buildMetrics([
      ['b', 2],
      ['a', true],
      ['b', 3],
      ['Upper', 1],
      ['_x', 1],
      ['9x', 1],
      ['with-hyphen', 1],
      ['x'.repeat(41), 1],
      ['x'.repeat(40), 0],
      ['nan', Number.NaN],
      ['inf', Number.POSITIVE_INFINITY],
      ['none', undefined],
      ['off', false],
    ]);
    expect(JSON.stringify(metrics)).toBe(`{"b":2,"a":true,"${'x'.repeat(40)}":0,"off":false}`);
  });

  it('always gives what the host takes', () => {
    const value = fc.oneof(fc.double(), fc.boolean(), fc.constant(undefined));
    const name = fc.oneof(fc.string(), fc.stringMatching(/^[a-z][a-z0-9_]{0,45}$/));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 60 }), (rows) => {
        const entries = Object.entries(buildMetrics(rows));
        return (
          entries.length <= MAX_METRICS &&
          entries.every(
            ([key, each]) =>
              /^[a-z][a-z0-9_]{0,39}$/.test(key) &&
              (typeof each === 'boolean' || Number.isFinite(each)),
          )
        );
      }),
    );
  });
});

describe('patternMetrics', () => {
  const facts = { told: [], incomplete: 0, ruleProblems: 0, version: '1.2.3' };

  it.each<[string, Partial<Parameters<typeof patternMetrics>[0]>, string]>([
    ['nothing', {}, '{}'],
    [
      'one rule',
      { told: [builtin('github_actions_workflow')] },
      '{"pattern_hits":1,"rule_id":1,"rule_mask":1,"pv":10203}',
    ],
    [
      'several rules',
      {
        told: [
          builtin('pickle_wrapper_load'),
          builtin('eval_injection'),
          builtin('eval_injection'),
        ],
      },
      '{"pattern_hits":3,"rule_id":25,"rule_mask":16777224,"pv":10203}',
    ],
    [
      "a user's own rule",
      { told: [own, builtin()] },
      '{"pattern_hits":2,"rule_id":-1,"rule_mask":0,"user_rule_hits":1,"other_rule_hits":1,"pv":10203}',
    ],
    [
      'what was cut',
      { incomplete: 3, ruleProblems: 1 },
      '{"pattern_hits":0,"rule_mask":0,"incomplete_rules":3,"rule_problems":1,"pv":10203}',
    ],
  ])('%s', (_name, given, json) => {
    expect(JSON.stringify(patternMetrics({ ...facts, ...given }))).toBe(json);
  });

  it('numbers every parity that a built-in rule names', () => {
    const folder = resolve(import.meta.dirname, '../../rules');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .flatMap(
        (name) => /^parity: (\w+)$/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? [],
      );
    const numbers = names.map((name) => ruleNumber(builtin(name)));
    expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 25 }, (_, at) => at + 1)));
    expect(ruleNumber(builtin('constructor'))).toBe(0);
  });

  it.each([
    ['1.2.3', 10203],
    ['0.1.0', 100],
    ['2.0.7-rc.1', 20007],
    ['source', undefined],
    ['1.200.0', undefined],
  ])('version %s is %s', (version, number) => {
    expect(versionNumber(version)).toBe(number);
  });
});
