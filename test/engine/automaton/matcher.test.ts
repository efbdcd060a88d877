import { describe, expect, test } from 'vitest';
import { compileAutomaton, type AutomatonMatcher } from '../../../engine/automaton/matcher.ts';
import { parsePython } from '../../../engine/regex/python-parse.ts';
import { PYTHON_WORD } from '../../../engine/regex/python-unicode.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { readPythonFixture, show } from '../regex/python-fixture.ts';
import { cpuMs } from '../../support/cpu-time.ts';

function matcherOf(pattern: string): AutomatonMatcher {
  const parsed = parsePython(pattern);
  if (!parsed.ok) throw new Error(`${pattern}: ${parsed.error.message}`);
  const compiled = compileAutomaton(parsed.node, PYTHON_WORD);
  if (!compiled.ok) throw new Error(`${pattern}: ${compiled.error.message}`);
  return compiled.matcher;
}

function spans(matcher: AutomatonMatcher, text: string, limit = Infinity): number[] {
  return (matcher.findAll(encodeUtf8(text), limit) ?? []).flatMap(({ start, end }) => [start, end]);
}

/** Loops whose body prefers to match nothing: the starts agree, the ends need not. */
const ENDS_DIFFER = new Set(['(?:|a)+', '(?:|a)*']);

describe('spans that Python reports', () => {
  const { plain, lookaround } = readPythonFixture();
  const exact = [...lookaround, ...plain].filter(({ pattern }) => !ENDS_DIFFER.has(pattern));
  test.each(exact)('$pattern', ({ pattern, texts }) => {
    const matcher = matcherOf(pattern);
    for (const [text, expected] of texts) {
      expect(spans(matcher, text), show(pattern, text)).toEqual(expected);
    }
  });

  test.each(plain.filter(({ pattern }) => ENDS_DIFFER.has(pattern)))(
    'first match of $pattern',
    ({ pattern, texts }) => {
      const matcher = matcherOf(pattern);
      for (const [text, expected] of texts) {
        expect(spans(matcher, text).slice(0, 2), show(pattern, text)).toEqual(expected.slice(0, 2));
      }
    },
  );
});

describe('limits', () => {
  test('stops at the limit', () => {
    expect(spans(matcherOf('a(?!b)'), 'a a ab a', 2)).toEqual([0, 1, 2, 3]);
    expect(spans(matcherOf('a(?!b)'), 'a a', 0)).toEqual([]);
  });

  test('offsets are bytes', () => {
    expect(spans(matcherOf('ö(?=😀)'), '日ö😀ö')).toEqual([3, 5]);
  });

  test.each([
    ['(?:a{1000}){1000}', /5000 automaton states/],
    ['(?:(?:){4000000000}){4000000000}', /repeats of nothing/],
    [Array.from({ length: 40 }, (_, i) => `(?!x${i})`).join(''), /30 assertions/],
  ])('refuses %s', (pattern, message) => {
    const parsed = parsePython(pattern);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const compiled = compileAutomaton(parsed.node, PYTHON_WORD);
    expect(compiled.ok).toBe(false);
    if (!compiled.ok) expect(compiled.error.message).toMatch(message);
  });

  test.each([
    '(?:a|a)*(?!b)c',
    '(?:a*)*(?!x)b',
    'a.*a.*a(?!.*b)c',
    '(?=(?:\\w+\\s?)+$)x',
    '(?:x+x+)+(?!z)y',
  ])('long hostile text, %s', (pattern) => {
    const started = cpuMs();
    matcherOf(pattern).findAll(encodeUtf8('ax '.repeat(100_000)), 1000);
    expect(cpuMs() - started).toBeLessThan(5000);
  });

  test('matches across the blocks that the walk makes again', () => {
    const text = `${'x'.repeat(1500)}<${'y'.repeat(5000)}>${'<z>'.repeat(700)}`;
    const expected = [
      1500,
      6502,
      ...Array.from({ length: 700 }, (_, i) => [6502 + i * 3, 6505 + i * 3]).flat(),
    ];
    expect(spans(matcherOf('<[^>]*>(?!$q)'), text)).toEqual(expected);
  });

  test('more state sets than are kept', () => {
    const text = Array.from({ length: 30_000 }, (_, i) =>
      (i * i * 7 + (i >> 3)) % 5 < 2 ? 'a' : 'b',
    ).join('');
    const wanted = Array.from(text).flatMap((c, i) =>
      c === 'a' && text[i + 13] === 'b' && text[i + 14] !== 'a' ? [i] : [],
    );
    const found = matcherOf('a(?=.{12}b(?!a))').findAll(encodeUtf8(text), Infinity);
    expect(found?.map(({ start }) => start)).toEqual(wanted);
  });
});
