/** What several rules know of one place is told once. */
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../engine/rule.ts';
import { rule, scanText } from './scan-text.ts';

const VALUE = 'kJ8s2mQp0vXz7LrT4wYb';
const CONTENT = `token = "${VALUE}"`;
const any = (id: string, more: Partial<Rule> = {}): Rule =>
  rule(id, '"(?P<value>\\w+)"', { secret: 'value', ...more });
const prefixed = (id: string, more: Partial<Rule> = {}): Rule =>
  rule(id, '(?P<value>kJ8s\\w{8})', { secret: 'value', ...more });
const ONCE = { once: true };
const told = (rules: readonly Rule[], content = CONTENT): string[] =>
  scanText(rules, 'a.js', content, ONCE).findings.map(({ ruleId }) => ruleId);

describe('a secret that two rules know is told by', () => {
  test.each<[string, Partial<Rule>, Partial<Rule>, string]>([
    ['the severer', { severity: 'critical', confidence: 'low' }, { severity: 'high' }, 'any'],
    ['the surer of two as severe', { confidence: 'medium' }, { confidence: 'high' }, 'prefixed'],
    ['the first of two alike', {}, {}, 'any'],
  ])('%s', (_, left, right, expected) => {
    expect(told([any('any', left), prefixed('prefixed', right)])).toEqual([expected]);
  });
});

test('what a third one adds is told, though the second overlaps both', () => {
  const rules = [
    rule('head', '(?P<value>kJ8s)', { secret: 'value', confidence: 'high' }),
    rule('whole', '(?P<value>kJ8s\\w+wYb)', { secret: 'value', confidence: 'medium' }),
    rule('tail', '(?P<value>wYb)', { secret: 'value', confidence: 'low' }),
  ];
  expect(told(rules)).toEqual(['head', 'tail']);
});

test('two secrets of one line are two', () => {
  const content = `${CONTENT}; other = "aB3${VALUE}"`;
  const first = rule('first', 'token = "(?P<value>\\w+)"', { secret: 'value' });
  expect(told([any('any', { confidence: 'low' }), first], content)).toEqual(['first', 'any']);
});

test('who asks about a rule hears of it from each', () => {
  const { findings } = scanText([any('any'), prefixed('prefixed')], 'a.js', CONTENT);
  expect(findings).toHaveLength(2);
});

test('what is no secret is no echo, and what is not told stays masked', () => {
  const { findings } = scanText(
    [any('any', { confidence: 'high' }), prefixed('prefixed'), rule('name', 'token')],
    'a.js',
    CONTENT,
    ONCE,
  );
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['name', 'any']);
  expect(JSON.stringify(findings)).not.toContain(VALUE);
});

describe('one weakness at one place', () => {
  const of = (id: string, pattern: string, more: Partial<Rule> = {}): Rule =>
    rule(id, pattern, { cwe: 'CWE-79', ...more });
  const surer = of('surer', 'send\\(page\\)');
  const other = of('other', 'res\\.send\\(', { confidence: 'medium' });

  test.each<[string, readonly Rule[], string, string[]]>([
    ['is told once', [other, surer], 'res.send(page)', ['surer']],
    ['is told twice in two lines', [other, surer], 'res.send(a)\nsend(page)', ['other', 'surer']],
    ['is told twice side by side', [other, surer], 'res.send(a); send(page)', ['other', 'surer']],
    [
      'is told for each CWE',
      [of('x', 'res\\.send', { cwe: 'CWE-80' }), surer],
      'res.send(page)',
      ['x', 'surer'],
    ],
    [
      'is told for each class',
      [of('x', 'res\\.send', { class: 'x' }), surer],
      'res.send(page)',
      ['x', 'surer'],
    ],
    [
      'is told by a rule of the user',
      [of('x', 'res\\.send', { origin: 'project' }), surer],
      'res.send(page)',
      ['x', 'surer'],
    ],
    [
      'is told twice by one rule',
      [of('x', 'send|page', { confidence: 'low' })],
      'send page',
      ['x', 'x'],
    ],
    [
      'is told where a long match goes on',
      [of('x', 'a[^;]*z'), surer],
      'a\nsend(page)\nz',
      ['x', 'surer'],
    ],
    [
      'is told where another match ends',
      [of('x', 'a[^;]*send\\(page\\)', { confidence: 'low' }), surer],
      'a\nsend(page)',
      ['x', 'surer'],
    ],
    [
      'is told where it goes on below',
      [of('x', 'send[^;]*z', { confidence: 'low' }), surer],
      'send(page)\nz',
      ['surer', 'x'],
    ],
  ])('%s', (_, rules, content, expected) => {
    expect(told(rules, content)).toEqual(expected);
  });
});
