/** Advice of the linter on rules, by pattern and by condition. */
import { describe, expect, it } from 'vitest';
import { programSize } from '../../../engine/lint/program.ts';
import { adviseRule } from '../../../engine/lint/rule.ts';
import { mostStates } from '../../../engine/lint/states.ts';
import { adviseTwins } from '../../../engine/lint/twins.ts';
import { parsePattern } from '../../../engine/regex/parse.ts';
import type { Node } from '../../../engine/regex/ast.ts';
import type { Condition, Rule } from '../../../engine/rule.ts';
import { rule } from '../scan-text.ts';

function node(pattern: string): Node {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.node;
}

/** Codes of the advice on a rule, with the place where it is not the first pattern. */
function codes(pattern: string, more: Partial<Rule> = {}): string[] {
  return adviseRule(rule('r', pattern, more)).map(({ code, field }) =>
    field.join('.') === 'patterns.0' ? code : `${code} ${field.join('.')}`,
  );
}

describe('patterns', () => {
  it.each<[string, string[]]>([
    [String.raw`\bevil\s*\(`, []],
    ['(?i)evil', []],
    ['a*', ['empty-match']],
    [String.raw`\b`, ['empty-match']],
    ['a|b', ['no-literal']],
    ['[a-z]+=[0-9]+', ['no-literal']],
    ['=>', ['short-literal']],
    [' x ', ['short-literal']],
    ['evil|=>', ['short-literal']],
    [String.raw`\w*evil`, ['open-end']],
    [String.raw`[\w.-]{0,50}?evil`, ['open-end']],
    ['evil.*', ['open-end']],
    ['.*evil.*', ['open-end', 'open-end']],
    [String.raw`(?m)^\s*evil`, []],
    [String.raw`\w+evil`, []],
    [String.raw`evil[^)]{0,90}x`, ['large-program', 'many-states']],
    [String.raw`evil[^)]*x`, []],
    [String.raw`evil[^)]{0,40}x`, ['many-states']],
    [String.raw`evil[0-9a-f]{16,40}x`, []],
    [String.raw`\b\(evil [^(]{0,40}x`, []],
  ])('%s: %j', (pattern, expected) => {
    expect(codes(pattern)).toEqual(expected);
  });

  it('leaves the ends to rules whose conditions look at them', () => {
    const unless: Condition[] = [{ within: 'match', pattern: 'good' }];
    expect(codes('.*evil', { unless })).toEqual([]);
    expect(codes('.*evil', { unless: [{ within: 'file', pattern: 'good' }] })).toEqual([
      'open-end',
    ]);
  });

  it('says the same pattern twice, in a rule and in two', () => {
    const twice = rule('r', 'evil', { patterns: ['evil', 'worse', 'evil'] });
    expect(adviseRule(twice).map(({ field }) => field)).toEqual([['patterns', 2]]);
    const go = { languages: ['go'] } as const;
    const twins = [rule('a', 'evil', go), rule('b', 'evil', go), rule('c', 'evil')];
    expect([...adviseTwins(twins).keys()]).toEqual(['b']);
  });

  it('counts what RE2 repeats', () => {
    expect(programSize(node('a{100}'))).toBe(100);
    expect(programSize(node('[^)]{0,80}'))).toBeGreaterThan(1000);
    expect(programSize(node('[^)]*'))).toBeLessThan(20);
  });

  it('knows where a prefix can begin anew inside of a repeat', () => {
    expect(mostStates(node('x.{20}y'))).toBe(2 ** 20);
    expect(mostStates(node('x[^x]{20}y'))).toBe(1);
    expect(mostStates(node(String.raw`\w\w{20}y`))).toBe(1);
    expect(mostStates(node(String.raw`(?m)^x[^\n]{20}y`))).toBe(1);
    expect(mostStates(node('(?s)(?:abcdefghij.{20}y|z)'))).toBeLessThan(200);
  });
});

describe('conditions', () => {
  const condition = (within: Condition['within'], pattern: string) => ({
    unless: [{ within, pattern }],
  });

  it.each<[string, Partial<Rule>, string[]]>([
    ['evil', condition('line', 'good'), []],
    ['evil', condition('line', 'x*'), ['condition-always unless.0.pattern']],
    ['evil', condition('call', 'evi'), ['condition-always unless.0.pattern']],
    ['(?:evil|devil)x', condition('call', 'vilx'), ['condition-always unless.0.pattern']],
    ['evil|worse', condition('call', 'evil'), []],
    ['evil', condition('call', String.raw`\bevil`), []],
    ['evil', condition('match', 'good'), ['condition-never unless.0.pattern']],
    ['evil', condition('match', 'evilevil'), ['condition-never unless.0.pattern']],
    ['evil[a-z]+', condition('match', 'good'), []],
    [
      String.raw`evil \(`,
      condition('line', String.raw`x\ny`),
      ['condition-never unless.0.pattern'],
    ],
    [String.raw`evil\s*\(`, condition('line', String.raw`x\ny`), []],
    [
      'evil',
      { in: ['code'], ...condition('line', String.raw`//\s*safe`) },
      ['condition-never unless.0.pattern'],
    ],
    ['evil', { in: ['code'], ...condition('line', '//safe') }, []],
    ['evil', condition('line', '# safe'), []],
  ])('%s, %j: %j', (pattern, more, expected) => {
    expect(codes(pattern, more)).toEqual(expected);
  });

  it('says what is said twice', () => {
    const unless: Condition[] = [
      { within: 'line', pattern: 'good' },
      { within: 'line', pattern: 'good' },
      { within: 'call', pattern: 'fine' },
      { within: 'file', pattern: 'fine' },
    ];
    expect(codes('evil', { unless })).toEqual([
      'duplicate-condition unless.1.pattern',
      'duplicate-condition unless.2.pattern',
    ]);
  });
});

describe('what a rule requires', () => {
  it.each<[string, Condition, string[]]>([
    ['evil', { within: 'line', pattern: 'input' }, []],
    ['evil', { within: 'line', pattern: 'x*' }, ['warning condition-always requires.0.pattern']],
    ['evil', { within: 'match', pattern: 'good' }, ['error condition-never requires.0.pattern']],
    ['evil', { within: 'near', lines: 3, pattern: String.raw`x\ny` }, []],
  ])('%s, %j: %j', (pattern, condition, expected) => {
    const advice = adviseRule(rule('r', pattern, { requires: [condition] }));
    expect(advice.map(({ level, code, field }) => `${level} ${code} ${field.join('.')}`)).toEqual(
      expected,
    );
  });
});

it('holds title and message to a length', () => {
  const message = { what: 'w'.repeat(301), why: '', fix: '' };
  expect(codes('evil', { title: 'Ends.', message })).toEqual(['prose title', 'prose message.what']);
});
