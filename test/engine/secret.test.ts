/** A secret is reported and not shown. */
import { describe, expect, test } from 'vitest';
import type { ScanResult } from '../../engine/finding.ts';
import { rule, scanText } from './scan-text.ts';

const VALUE = 'kJ8s2mQp0vXz7LrT4wYb';
const token = rule('token', 'token = "(?P<value>[^"]*)"', { secret: 'value' });
const other = rule('other', 'evil\\(');
const shown = (result: ScanResult): string => JSON.stringify(result);
const snippets = ({ findings }: ScanResult): string[] => findings.map(({ snippet }) => snippet);

describe('a secret', () => {
  test.each<[string, string, string]>([
    ['alone', `token = "${VALUE}"`, 'token = "kJ8s…"'],
    ['a short one', 'token = "hunter2"', 'token = "…"'],
    ['the same again on its line', `token = "${VALUE}" // ${VALUE}`, 'token = "kJ8s…" // kJ8s…'],
    ['in the line of another finding', `evil(1); token = "${VALUE}"`, 'evil(1); token = "kJ8s…"'],
    ['cut by the snippet', `token = "${VALUE.repeat(20)}"; x`, 'token = "kJ8s…'],
    ['over lines', `token = "${VALUE}\n${VALUE}"`, 'token = "kJ8s…'],
    ['in other scripts', `token = "éééé${'😀'.repeat(20)}"`, 'token = "éééé…"'],
  ])('%s is masked', (_, content, snippet) => {
    const result = scanText([token, other], 'a.js', content);
    for (const text of snippets(result)) expect(text).toBe(snippet);
    expect(result.findings.length).toBeGreaterThan(0);
    expect(result.findings.every(({ masked }) => masked)).toBe(true);
    expect(shown(result)).not.toContain(VALUE);
    expect(shown(result)).not.toContain('hunter2');
  });

  test('masks of values of other lengths look alike, and so do identities', () => {
    const one = scanText([token], 'a.js', 'token = "short1"').findings[0];
    const two = scanText([token], 'a.js', 'token = "longer-one"').findings[0];
    expect(one?.snippet).toBe(two?.snippet);
    expect(one?.key).toBe(two?.key);
  });

  test('a group that took no part: the whole match is masked', () => {
    const it = rule('r', 'token = (?:"(?P<value>[^"]*)"|none)', { secret: 'value' });
    expect(snippets(scanText([it], 'a.js', 'x; token = none'))).toEqual(['x; …']);
  });

  test('behind where the snippet begins', () => {
    const content = `token = "${'abc-'.repeat(30)}${VALUE}"; evil(1)`;
    const [, second] = scanText([token, other], 'a.js', content).findings;
    expect(second?.snippet).toBe('…"; evil(1)');
  });

  test('suppressed, and beside a suppression that hides nothing', () => {
    const hidden = scanText([token], 'a.js', `token = "${VALUE}" // sg-ignore: token -- made up`);
    expect(hidden.suppressed).toHaveLength(1);
    expect(shown(hidden)).not.toContain(VALUE);
    const unused = scanText([token, other], 'a.js', `token = "${VALUE}" // sg-ignore: other -- x`);
    expect(unused.findings).toHaveLength(2);
    expect(shown(unused)).not.toContain(VALUE);
  });

  test('of a notebook, in code and on the one line that the file is', () => {
    const cell = {
      cell_type: 'code',
      source: [`token = "${VALUE}"\n`],
      metadata: {},
      outputs: ['evil('],
    };
    const content = JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4 });
    const result = scanText([token, other], 'a.ipynb', content);
    expect(result.findings.map(({ ruleId }) => ruleId).sort()).toEqual(['other', 'token']);
    expect(shown(result)).not.toContain(VALUE);
  });
});
