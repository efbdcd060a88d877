/** The built-in rules, whole: planned, packed, accepted by RE2, and true to their examples. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packPlans, type PackedPlans, unpackPlan } from '../../engine/match/packed-plan.ts';
import { planPattern, type PatternPlan } from '../../engine/match/plan.ts';
import { createScanner } from '../../engine/scanner.ts';
import { buildRuleSet } from '../../engine/rule-set.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { loadWasm } from '../../host/wasm.ts';
import { buildRules } from '../../scripts/build-rules.ts';
import { pattern, text, wordyPattern } from './match/arbitraries.ts';
import { rule, runtime } from './scan-text.ts';

const built = buildRules(fileURLToPath(new URL('../../rules/', import.meta.url)));
const { rules } = built;
/** With the patterns that the build compiled: to compile them once more for each scanner takes half a minute. */
const compiled = loadWasm(dist('re2.wasm'), dist('re2.snapshot'));
const scanner = createScanner({ rules, wasm: () => compiled });

function dist(name: string): string {
  return fileURLToPath(new URL(`../../dist/cli/${name}`, import.meta.url));
}

function planOf(source: string): PatternPlan {
  const planned = planPattern(source);
  if (!planned.ok) throw new Error(`${source}: ${planned.error.message}`);
  return planned.plan;
}

describe('the built-in rules', () => {
  test('are valid and all planned', () => {
    expect(built.problems).toEqual([]);
    expect(rules.length).toBeGreaterThan(40);
    expect(scanner.problems).toEqual([]);
  });

  test('hold no pattern that RE2 refuses', () => {
    expect(scanner.verifyPatterns()).toEqual([]);
  }, 60_000);

  test('hold no pattern without a literal: none runs on every file', () => {
    const unfiltered = rules.flatMap(({ id, patterns }) =>
      patterns
        .filter((source) => planOf(source).literals === undefined)
        .map((source) => [id, source]),
    );
    expect(unfiltered).toEqual([]);
  });

  const examples = rules.flatMap(({ id, examples: { match, noMatch } }) => [
    ...match.map((example) => ({ id, expected: true, ...example })),
    ...noMatch.map((example) => ({ id, expected: false, ...example })),
  ]);

  test('report their match examples and stay silent on the others', () => {
    const wrong = examples.filter(({ id, expected, code, path }) => {
      const { findings, incomplete } = scanner.scan(path, encodeUtf8(code));
      return incomplete.length > 0 || findings.some(({ ruleId }) => ruleId === id) !== expected;
    });
    expect(wrong).toEqual([]);
  });
});

test('a packed plan is the plan, for generated patterns', () => {
  fc.assert(
    fc.property(fc.oneof(pattern, wordyPattern), (source) => {
      const plan = planOf(source);
      const json = JSON.stringify(packPlans([plan], []));
      const back = unpackPlan(JSON.parse(json) as PackedPlans, source);
      expect(back?.literals).toEqual(plan.literals);
      expect(back?.further).toEqual(plan.further);
      expect(back?.before.steps).toEqual(plan.before.steps);
      expect(back?.after.steps).toEqual(plan.after.steps);
    }),
    { numRuns: 1_000 },
  );
});

test('a scanner with packed plans finds what one without them finds', () => {
  const sources = fc.array(fc.oneof(pattern, wordyPattern), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(sources, text, (patterns, content) => {
      const set = [rule('r', patterns)];
      const packed = packPlans(patterns.map(planOf), []);
      const bytes = encodeUtf8(content);
      const plain = createScanner({ rules: set, wasm: () => runtime }).scan('a', bytes);
      expect(
        createScanner({ rules: set, wasm: () => runtime, packed: () => packed }).scan('a', bytes),
      ).toEqual(plain);
    }),
    { numRuns: 60 },
  );
}, 60_000);

describe('buildRuleSet', () => {
  test('names the field that is to blame', () => {
    const bad = [
      rule('a', ['ok', '(']),
      rule('b', 'ok', {
        unless: [
          { within: 'line', pattern: 'ok' },
          { within: 'line', pattern: '[' },
        ],
      }),
      rule('c', 'ok', { lookaround: ['(?=x)ok'] }),
      rule('d', 'ok'),
      rule('d', 'ok'),
    ];
    const set = buildRuleSet(bad);
    expect(set.problems.map(({ ruleId, field }) => `${ruleId} ${field}`)).toEqual([
      'a patterns[1]',
      'b unless[1].pattern',
      'c lookaround[0]',
      'd id',
    ]);
    expect(set.rules.map(({ rule: { id } }) => id)).toEqual(['d']);
  });

  test('a rule that was left out does not take its id', () => {
    const set = buildRuleSet([rule('a', '('), rule('a', 'ok')]);
    expect(set.rules).toHaveLength(1);
  });

  test('knows the patterns that must always run', () => {
    const set = buildRuleSet([rule('a', ['\\w+', 'literal']), rule('b', '.')]);
    expect(set.unfiltered).toEqual([0, 2]);
    expect(set.ruleOf).toEqual([0, 0, 1]);
  });

  test('patterns called like members of every object are planned', () => {
    const set = buildRuleSet([rule('a', ['constructor', '__proto__', 'toString'])], {
      packed: () => ({ classes: [], plans: {} }),
    });
    expect(set.plans.map(({ literals }) => literals?.[0]?.bytes)).toEqual([
      'constructor',
      '__proto__',
      'tostring'.replace('s', 'S'),
    ]);
  });
});
