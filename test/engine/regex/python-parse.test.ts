import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PatternError } from '../../../engine/regex/ast.ts';
import { parsePython } from '../../../engine/regex/python-parse.ts';
import { readPythonFixture } from './python-fixture.ts';
import { cpuMs } from '../../support/cpu-time.ts';

function errorOf(pattern: string): PatternError {
  const parsed = parsePython(pattern);
  if (parsed.ok) throw new Error(`accepted ${pattern}`);
  return parsed.error;
}

describe('refusals', () => {
  const { refusedByPython, refusedByUs } = readPythonFixture();
  test.each(refusedByPython)('as Python: %s', (pattern) => {
    expect(parsePython(pattern).ok).toBe(false);
  });
  test.each(refusedByUs)('not linear: %s', (pattern) => {
    expect(parsePython(pattern).ok).toBe(false);
  });

  test.each([
    ['(a)x\\1', 4, 2, 'backreferences such as "\\1" cannot be matched in linear time'],
    ['x(?P=n)', 1, 4, 'backreferences "(?P=…)" cannot be matched in linear time'],
    ['ab(?>c)', 2, 3, 'atomic groups "(?>…)" cannot be matched in linear time'],
    ['ab*+', 2, 2, 'possessive quantifier "*+" cannot be matched in linear time'],
    ['(a)(?(1)b)', 3, 3, 'conditionals "(?(…)…)" cannot be matched in linear time'],
    ['x\\z', 1, 2, 'Python knows no escape "\\z"'],
    ['[z-a]', 1, 3, 'range "z-a" has its ends the wrong way round'],
    ['a(?i)b', 1, 4, 'global flags "(?i)" must stand at the start of the pattern'],
    ['(?<=a+)b', 0, 7, 'Python takes only lookbehind of a fixed width'],
    ['a**', 2, 1, '"*" repeats a repeat'],
  ])('%s', (pattern, offset, length, message) => {
    expect(errorOf(pattern)).toMatchObject({ offset, length, message });
  });

  test('says what to write instead', () => {
    expect(errorOf('x\\z').rewrite).toBe('\\Z');
    expect(errorOf('a(?i)b').rewrite).toContain('(?i:…)');
    expect(errorOf('a++').rewrite).toContain('never backtracks');
  });
});

describe('hostile patterns', () => {
  test.each([
    ['deep groups', '('.repeat(9000), /nest deeper than 250/],
    ['deep closed groups', '('.repeat(5000) + ')'.repeat(5000), /nest deeper/],
    ['long', 'a'.repeat(20_001), /at most 20000/],
  ])('%s', (_name, pattern, message) => {
    expect(errorOf(pattern).message).toMatch(message);
  });

  test.each([
    ['classes', '[\\w-]'.repeat(3300)],
    ['folded classes', `(?i)${'[à-ö\\w]'.repeat(2400)}`],
    ['braces', '{'.repeat(19_999)],
    ['digits', `a{${'1'.repeat(19_000)}`],
    ['nested to the limit', `${'(?:'.repeat(250)}a${')'.repeat(250)}`],
  ])('%s are read in good time', (_name, pattern) => {
    const started = cpuMs();
    expect(parsePython(pattern).ok).toBe(true);
    expect(cpuMs() - started).toBeLessThan(2000);
  });

  test('any text gives a tree or a refusal inside of it', () => {
    const pieces = Array.from('()[]{}?*+|\\^$-,:!=<>Piabx1# \né😀\ud800');
    const piece = constantFrom(...pieces);
    assert(
      property(array(piece, { maxLength: 24 }), (pieces) => {
        const pattern = pieces.join('');
        const parsed = parsePython(pattern);
        if (parsed.ok) return;
        expect(parsed.error.offset).toBeGreaterThanOrEqual(0);
        expect(parsed.error.offset + parsed.error.length).toBeLessThanOrEqual(pattern.length + 1);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('notes', () => {
  test.each([
    ['a[[:space:]]', 'posix-class', 1, 10],
    ['^import', 'text-begin', 0, 1],
    ['end$', 'text-end', 3, 1],
  ])('%s', (pattern, kind, offset, length) => {
    const parsed = parsePython(pattern);
    expect(parsed).toMatchObject({ ok: true, notes: [{ kind, offset, length }] });
  });

  test('none where the pattern says what is meant', () => {
    expect(parsePython('(?m)^a$|\\Ab\\Z|[\\s:]')).toMatchObject({ ok: true, notes: [] });
  });
});
