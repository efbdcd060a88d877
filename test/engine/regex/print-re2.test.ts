import { describe, expect, test } from 'vitest';
import { parsePattern } from '../../../engine/regex/parse.ts';
import { printRe2, quoteRe2, type PrintResult } from '../../../engine/regex/print-re2.ts';
import { parsePython } from '../../../engine/regex/python-parse.ts';
import { readPythonFixture, show } from './python-fixture.ts';
import { firstSpan } from './re2-oracle.ts';

function printed(pattern: string): PrintResult {
  const parsed = parsePython(pattern);
  if (!parsed.ok) throw new Error(`${pattern}: ${parsed.error.message}`);
  return printRe2(parsed.node);
}

/** Spans that differ: a final `$` consumes the newline, and loops that prefer nothing. */
const SPANS_DIFFER = new Set(['^\\s*import os$', 'end$', 'a(?:b$|c$)', '(?:|a)*']);

describe('printed patterns decide as Python', () => {
  const { plain } = readPythonFixture();
  const printable = plain.filter(({ pattern }) => printed(pattern).ok);

  test('all but a "$" in the middle can be printed', () => {
    const refused = plain
      .filter(({ pattern }) => !printed(pattern).ok)
      .map(({ pattern }) => pattern);
    expect(refused).toEqual(['(?:a$|b)c?']);
  });

  test.each(printable)('$pattern', ({ pattern, texts }) => {
    const result = printed(pattern);
    if (!result.ok) throw new Error(result.error.message);
    expect(parsePattern(result.pattern).ok, `own parser reads ${result.pattern}`).toBe(true);
    for (const [text, expected] of texts) {
      // Declared differences are about characters beyond ASCII only.
      if (result.differences.length > 0 && /[^\0-\x7f]/.test(text)) continue;
      const actual = firstSpan(result.pattern, text);
      const where = `${show(pattern, text)} as ${result.pattern}`;
      expect(actual.length > 0, where).toBe(expected.length > 0);
      if (!SPANS_DIFFER.has(pattern)) expect(actual, where).toEqual(expected.slice(0, 2));
    }
  });
});

describe('what is printed', () => {
  test.each([
    ['a{,3}b', 'a{0,3}b'],
    ['x{}', 'x\\{\\}'],
    ['end$', 'end\\n?\\z'],
    ['(?m)^a$', '(?m:^)a(?m:$)'],
    ['end\\Z', 'end\\z'],
    ['(?i)key', '[Kk\\x{212a}][Ee][Yy]'],
    ['(?x) a  b # c', 'ab'],
    ['(?:ab|cd)*?(?:)', '(?:ab|cd)*?(?:)'],
    ['(?:\\b)?x', '(?:\\b)?x'],
    ['(?:a+)+', '(?:a+)+'],
    ['[^\\s\\S]', '[^\\x00-\\x{10FFFF}]'],
    ['(?s).', '(?s:.)'],
    ['[[:space:]]', '[:\\[aceps]\\]'],
    ['(?a)\\bk\\w', '\\bk[0-9A-Z_a-z]'],
  ])('%s', (pattern, expected) => {
    expect(printed(pattern)).toMatchObject({ ok: true, pattern: expected });
  });

  test('large Unicode sets become coarse, and ASCII in counted repeats', () => {
    const once = printed('\\w');
    const often = printed('\\w{35,}');
    expect(once).toMatchObject({ ok: true, differences: ['word-class'] });
    expect(often).toMatchObject({ ok: true, pattern: '[0-9A-Z_a-z]{35,}' });
    if (once.ok) {
      expect(once.pattern.length).toBeLessThan(400);
      for (const character of ['é', 'я', '日', '한', '\u{20000}'])
        expect(firstSpan(once.pattern, character), character).not.toEqual([]);
      for (const character of ['\u00a0', '、', '“', '→', '😀', '（'])
        expect(firstSpan(once.pattern, character), character).toEqual([]);
    }
  });

  test.each([
    ['(?!a)b', 'RE2 has no lookaround'],
    ['a{1001}', 'repeats multiply to 1001; RE2 allows 1000'],
    ['(?:a{40}){40}', 'repeats multiply to 1600; RE2 allows 1000'],
  ])('%s is refused', (pattern, message) => {
    expect(printed(pattern)).toMatchObject({ ok: false, error: { message } });
  });

  test('quoted text matches itself and nothing else', () => {
    for (const text of ['a.b', 'f(x)', '\\d+', '${x}', '日本 é', 'a-b', '\t|\n']) {
      expect(firstSpan(`\\A${quoteRe2(text)}\\z`, text), text).toEqual([
        0,
        Buffer.byteLength(text),
      ]);
    }
    expect(firstSpan(quoteRe2('a.b'), 'axb')).toEqual([]);
  });
});
