/** Places, encodings and limits, through the whole scanner. */
import { describe, expect, test } from 'vitest';
import { createScanner } from '../../engine/scanner.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { places, rule, runtime, scanText } from './scan-text.ts';

const EVIL = rule('evil', 'evil\\(\\)');

/** `line:column-line:column` of the one finding. */
function place(content: string | Uint8Array): string | undefined {
  const { findings } = scanText([EVIL], 'a.js', content);
  expect(findings.length).toBeLessThan(2);
  return findings.map(
    ({ start, end }) => `${start.line}:${start.column}-${end.line}:${end.column}`,
  )[0];
}

const utf16 = (text: string, bigEndian: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

describe('places', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['the beginning', 'evil()', '1:1-1:7'],
    ['behind a tab', '\tevil()', '1:2-1:8'],
    ['behind an emoji', '😀 evil()', '1:4-1:10'],
    ['behind an accent', 'é evil()', '1:3-1:9'],
    ['on a line after CRLF', 'x\r\ny\r\nevil()\r\n', '3:1-3:7'],
    ['behind a lone CR', 'x\revil()', '2:1-2:7'],
    ['behind a UTF-8 byte order mark', '\ufeffevil()', '1:1-1:7'],
    ['in UTF-16, little endian', utf16('😀\nevil()', false), '2:1-2:7'],
    ['in UTF-16, big endian', utf16('😀 evil()', true), '1:4-1:10'],
    ['behind a NUL', 'a\0evil()', '1:3-1:9'],
    ['behind an invalid byte', Uint8Array.of(0xff, ...encodeUtf8('evil()')), '1:2-1:8'],
    ['behind half a character', Uint8Array.of(0xe2, 0x82, ...encodeUtf8('evil()')), '1:3-1:9'],
    ['behind a lone surrogate', '\udc00evil()', '1:2-1:8'],
    ['at the end without a line feed', 'x\n  evil()', '2:3-2:9'],
  ])('%s', (_, content, expected) => {
    expect(place(content)).toBe(expected);
  });

  test('a match of several lines', () => {
    const { findings } = scanText([rule('r', 'a\\s+b')], 'a.js', 'x a\n\n b');
    expect(findings[0]).toMatchObject({
      start: { line: 1, column: 3, offset: 2 },
      end: { line: 3, column: 3, offset: 7 },
      snippet: 'x a',
    });
  });

  test('white space that a pattern looks at before a call belongs to no finding', () => {
    const { findings } = scanText([rule('r', '\\s*\\bevil\\(\\)')], 'a.js', 'x;\n\t evil()');
    expect(findings).toMatchObject([
      {
        start: { line: 2, column: 3, offset: 5 },
        end: { line: 2, column: 9, offset: 11 },
        snippet: 'evil()',
      },
    ]);
  });

  test('a match of white space alone stays as it is', () => {
    const { findings } = scanText([rule('r', '\\t ')], 'a.js', 'x\n\t y');
    expect(findings).toMatchObject([
      { start: { line: 2, column: 1, offset: 2 }, end: { line: 2, column: 3, offset: 4 } },
    ]);
  });

  test('the snippet of a long line is cut around the match', () => {
    const { findings } = scanText([EVIL], 'a.js', `${'x'.repeat(5000)}evil()${'y'.repeat(5000)}`);
    expect(findings[0]?.snippet).toContain('evil()');
    expect(findings[0]?.snippet.length).toBeLessThanOrEqual(160);
  });
});

describe('limits and problems', () => {
  test('more matches than maxMatches are cut, and it is said', () => {
    const result = scanText([EVIL], 'a.js', 'evil() '.repeat(11), { maxMatches: 10 });
    expect(result.findings).toHaveLength(10);
    expect(result.incomplete).toEqual([
      {
        path: 'a.js',
        ruleId: 'evil',
        reason: 'only the first 10 matches of one pattern were looked at',
      },
    ]);
  });

  test('exactly maxMatches are no cut', () => {
    const result = scanText([EVIL], 'a.js', 'evil() '.repeat(10), { maxMatches: 10 });
    expect([result.findings.length, result.incomplete]).toEqual([10, []]);
  });

  test('a bad pattern leaves out its rule and no other', () => {
    const rules = [
      rule('bad', ['evil', '(?=x)']),
      EVIL,
      rule('worse', 'a', { unless: [{ within: 'line', pattern: '(' }] }),
    ];
    const scanner = createScanner({ rules, wasm: () => runtime });
    expect(scanner.problems.map(({ ruleId, field }) => [ruleId, field])).toEqual([
      ['bad', 'patterns[1]'],
      ['worse', 'unless[0].pattern'],
    ]);
    expect(places(scanner.scan('a.js', encodeUtf8('evil() a')).findings)).toEqual(['evil@1']);
  });

  test('a pattern that only RE2 refuses is told with each file, and leaves the others', () => {
    const rules = [rule('bad', 'evil\\p{Nope}'), EVIL];
    const { findings, incomplete } = scanText(rules, 'a.js', 'evil() evilx');
    expect(places(findings)).toEqual(['evil@1']);
    expect(incomplete).toEqual([
      {
        path: 'a.js',
        ruleId: 'bad',
        reason: 'pattern not evaluated: invalid character class range: \\p{Nope}',
      },
    ]);
  });

  test('verifyPatterns tells what RE2 refuses', () => {
    const rules = [rule('bad', ['evil', 'evil\\p{Nope}']), EVIL];
    const scanner = createScanner({ rules, wasm: () => runtime });
    expect(
      scanner.verifyPatterns().map(({ ruleId, field, error }) => [ruleId, field, error.message]),
    ).toEqual([['bad', 'patterns[1]', 'invalid character class range: \\p{Nope}']]);
  });

  test('of two rules with one id the first stays', () => {
    const scanner = createScanner({ rules: [EVIL, rule('evil', 'bad')], wasm: () => runtime });
    expect(scanner.problems.map(({ field, error }) => [field, error.message])).toEqual([
      ['id', 'the id "evil" is used by an earlier rule'],
    ]);
    expect(scanner.scan('a.js', encodeUtf8('bad')).findings).toEqual([]);
    expect(scanner.scan('a.js', encodeUtf8('evil()')).findings).toHaveLength(1);
  });

  test('no rules', () => {
    expect(scanText([], 'a.js', 'evil()')).toEqual({
      findings: [],
      suppressed: [],
      incomplete: [],
    });
  });

  test('RE2 is not loaded while no literal is seen', () => {
    const scanner = createScanner({
      rules: [EVIL],
      wasm: () => {
        throw new Error('loaded');
      },
    });
    const bytes = encodeUtf8('nothing of the kind');
    expect(scanner.couldMatch('a.js', bytes)).toBe(false);
    expect(scanner.scan('a.js', bytes).findings).toEqual([]);
    expect(scanner.couldMatch('a.js', encodeUtf8('evil()'))).toBe(true);
    expect(() => scanner.scan('a.js', encodeUtf8('evil()'))).toThrow('loaded');
  });

  test('a scanner works on after dispose', () => {
    const scanner = createScanner({ rules: [EVIL], wasm: () => runtime });
    const bytes = encodeUtf8('evil()');
    expect(scanner.scan('a.js', bytes).findings).toHaveLength(1);
    scanner.dispose();
    expect(scanner.scan('a.js', bytes).findings).toHaveLength(1);
  });

  test('scope: language, paths and excluded paths', () => {
    const rules = [
      rule('py', 'evil', { languages: ['python'] }),
      rule('src', 'evil', { paths: ['src/**'], excludePaths: ['**/*.min.js'] }),
    ];
    const ids = (path: string) =>
      scanText(rules, path, 'evil').findings.map(({ ruleId }) => ruleId);
    expect([ids('a.py'), ids('src/a.py'), ids('src/a.min.js'), ids('b.js')]).toEqual([
      ['py'],
      ['py', 'src'],
      [],
      [],
    ]);
  });

  test('findings come by position, then rule id', () => {
    const rules = [rule('z', 'evil'), rule('a', 'evil'), rule('m', 'x')];
    expect(places(scanText(rules, 'a.js', 'x\nevil\nx').findings)).toEqual([
      'm@1',
      'a@2',
      'z@2',
      'm@3',
    ]);
  });
});
