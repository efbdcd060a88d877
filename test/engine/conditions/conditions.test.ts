/** Where a rule looks: the regions it may match in, and what has to stand there or may not. */
import { describe, expect, test } from 'vitest';
import type { Region, Within } from '../../../engine/rule.ts';
import { places, rule, scanText } from '../scan-text.ts';

const only = (region: Region) => rule('r', 'evil\\(', { in: [region] });

describe('`in` keeps matches that begin in a region', () => {
  test.each<[string, string, Record<Region, number[]>]>([
    [
      'a.js',
      'evil(1)\n"evil(2)"\n// evil(3)\n`evil(4) ${evil(5)}`\n/* evil(6)\n evil(7) */ evil(8)\n',
      { code: [1, 4, 6], string: [2, 4], comment: [3, 5, 6] },
    ],
    [
      'a.py',
      'evil(1)\n\'evil(2)\'\n# evil(3)\n"""\nevil(5)\n"""\n',
      { code: [1], string: [2, 5], comment: [3] },
    ],
    ['a.unknown', 'evil(1)\n"evil(2)"\n# evil(3)\n', { code: [1, 2, 3], string: [], comment: [] }],
    ['README.md', 'evil(1)\n', { code: [], string: [], comment: [1] }],
    [
      'a.html',
      '<p>\n<script>\nevil(3) // evil(3)\n</script>\n<!-- evil(5) -->\n',
      { code: [3], string: [], comment: [3, 5] },
    ],
    ['a.sql', "select evil(1) -- evil(1)\n'evil(2)'", { code: [1], string: [2], comment: [1] }],
  ])('%s', (path, content, lines) => {
    for (const [region, expected] of Object.entries(lines)) {
      const { findings } = scanText([only(region as Region)], path, content);
      expect([region, findings.map(({ start }) => start.line)]).toEqual([region, expected]);
    }
  });

  test('absent means everywhere', () => {
    const { findings } = scanText([rule('r', 'evil\\(')], 'a.js', 'evil(1) // evil(2)\n"evil(3)"');
    expect(findings).toHaveLength(3);
  });

  test('the region is that of the first word character of the match', () => {
    const bracket = rule('r', '\\["evil"\\]', { in: ['string'] });
    expect(scanText([bracket], 'a.js', 'x["evil"]').findings).toHaveLength(1);
  });

  test('several regions', () => {
    const both = rule('r', 'evil\\(', { in: ['code', 'comment'] });
    const { findings } = scanText([both], 'a.js', 'evil(1)\n"evil(2)"\n// evil(3)');
    expect(findings.map(({ start }) => start.line)).toEqual([1, 3]);
  });
});

const unless = (within: Within, pattern = 'safe') =>
  rule('r', 'evil\\(', { unless: [{ within, pattern }] });

describe('`unless` cancels a match', () => {
  test.each<[Within, string, string, string, boolean]>([
    ['match', 'outside of the match', 'a.js', 'safe evil(1) safe', false],
    ['line', 'before it on its line', 'a.js', 'safe evil(1)', true],
    ['line', 'after it on its line', 'a.js', 'evil(1) safe', true],
    ['line', 'on the line above', 'a.js', 'safe\nevil(1)', false],
    ['line', 'on the line below', 'a.js', 'evil(1)\nsafe', false],
    ['line', 'on a line that ends in CRLF', 'a.js', 'x\r\nevil(1) safe\r\ny', true],
    ['line', 'in a comment', 'a.js', 'evil(1) // safe', false],
    ['line', 'in a block comment', 'a.js', 'evil(1) /* safe */', false],
    ['line', 'in a string', 'a.js', 'evil("safe")', true],
    ['line', 'in a file of no known language', 'a.unknown', 'evil(1) # safe', true],
    ['call', 'among the arguments', 'a.js', 'evil(1, safe)', true],
    ['call', 'on a later line of the call', 'a.js', 'evil(\n  1,\n  safe,\n)', true],
    ['call', 'in a call inside of it', 'a.js', 'evil(f(\n  safe\n), 2)', true],
    ['call', 'behind the call', 'a.js', 'evil(1); safe', false],
    ['call', 'behind a call of several lines', 'a.js', 'evil(\n1\n); safe', false],
    ['call', 'before it', 'a.js', 'safe; evil(1)', false],
    ['call', 'behind a ) in a string', 'a.js', 'evil(")", safe)', true],
    ['call', 'behind a ) in a comment', 'a.js', 'evil(1, // :)\n safe)', true],
    ['call', 'in a comment', 'a.js', 'evil(1 /* safe */)', false],
    ['call', 'below a call that is never closed', 'a.js', 'evil(1,\nsafe', true],
    ['block', 'in the same block', 'a.js', 'f() {\n  evil(1)\n  safe\n}', true],
    ['block', 'in another block', 'a.js', 'f() {\n  evil(1)\n}\ng() {\n  safe\n}', false],
    ['block', 'in a block around it, before', 'a.js', '{ safe; { evil(1) } }', false],
    ['block', 'in a block inside of it', 'a.js', '{ evil(1); { safe } }', true],
    ['block', 'behind a brace in a string', 'a.js', '{ evil("}"); safe }', true],
    ['block', 'in a comment', 'a.js', '{ evil(1) /* safe */ }', false],
    ['block', 'in the same function', 'a.py', 'def f():\n    evil(1)\n    safe\n', true],
    ['block', 'in another function', 'a.py', 'def f():\n    evil(1)\ndef g():\n    safe\n', false],
    ['block', 'in its header', 'a.py', 'with safe():\n    evil(1)\n', true],
    ['statement', 'before it', 'a.js', 'x(); safe = evil(1); y()', true],
    ['statement', 'in the next one', 'a.js', 'evil(1); safe', false],
    ['statement', 'on a later line', 'a.py', 'x = y(evil(1),\n  safe)', true],
    ['statement', 'in a comment', 'a.js', 'evil(1 /* safe */);', false],
    ['file', 'anywhere before', 'a.js', 'safe\n\n\nevil(1)', true],
    ['file', 'anywhere after', 'a.js', 'evil(1)\n\n\nsafe', true],
    ['file', 'in a comment', 'a.js', 'evil(1)\n// safe', false],
    ['file', 'nowhere', 'a.js', 'evil(1)', false],
  ])('within %s: %s (%s)', (within, _, path, content, cancelled) => {
    const { findings, incomplete } = scanText([unless(within)], path, content);
    expect(findings).toHaveLength(cancelled ? 0 : 1);
    expect(incomplete).toEqual([]);
  });

  test.each<[number, string, boolean]>([
    [1, 'safe\nevil(1)', true],
    [1, 'safe\n\nevil(1)', false],
    [2, 'safe\n\nevil(1)', true],
    [1, 'evil(1)\nsafe', true],
    [1, 'evil(1)\n\nsafe', false],
    [1, 'evil(1)\n// safe', false],
    [100, 'evil(1)', false],
  ])('within near, %d lines: %j', (lines, content, cancelled) => {
    const near = rule('r', 'evil\\(', { unless: [{ within: 'near', lines, pattern: 'safe' }] });
    expect(scanText([near], 'a.js', content).findings).toHaveLength(cancelled ? 0 : 1);
  });

  test.each<[string, string, string, boolean]>([
    ['above', 'a.js', 'safe\n\nevil(1)', true],
    ['too far above', 'a.js', 'safe\n\n\n\nevil(1)', false],
    ['below', 'a.js', 'evil(1)\nsafe', false],
    ['in the same function', 'a.py', 'def f(x):\n    safe(x)\n    evil(x)\n', true],
    ['behind it on its line', 'a.js', 'evil(1) || safe', true],
    ['in the function above', 'a.py', 'def f(x):\n    safe(x)\ndef g(x):\n    evil(x)\n', false],
    ['in its head', 'a.ts', 'run(\nasync list(safe: string) {\n  evil(1)', true],
    [
      'in an annotation above its head',
      'A.java',
      '@Safe("safe")\nint f(int x) {\n  evil(x);',
      true,
    ],
    ['in a function that has ended', 'a.php', 'function f() {\n  safe();\n}\nevil(1);', false],
    ['in a comment', 'a.js', '// safe\nevil(1)', false],
    ['behind a comment that begins like a function', 'a.c', 'safe();\n// def f()\nevil(1);', true],
  ])('within before, 3 lines: %s', (_name, path, content, cancelled) => {
    const before = rule('r', 'evil\\(', {
      unless: [{ within: 'before', lines: 3, pattern: 'safe' }],
    });
    expect(scanText([before], path, content).findings).toHaveLength(cancelled ? 0 : 1);
  });

  test('within before: a check in another branch was not made, a value from above all was there', () => {
    const condition = { within: 'before', lines: 6, pattern: 'safe' } as const;
    const checked = rule('checked', 'evil\\(', { unless: [condition] });
    const fed = rule('fed', 'evil\\(', { requires: [condition] });
    const text = (first: string, last: string): string =>
      `${first}\nswitch (kind) {\n  case 'a':\n    ${last}\n    break;\n  case 'b':\n    evil(1);\n}`;
    const found = (content: string): string[] =>
      places(scanText([checked, fed], 'a.js', content).findings);
    expect(found(text('a();', 'safe();'))).toEqual(['checked@7', 'fed@7']);
    expect(found(text('safe();', 'a();'))).toEqual(['checked@7', 'fed@7']);
    expect(found(text('a();', 'a();').replace('evil', 'safe(), evil'))).toEqual(['fed@7']);
  });

  test('within match looks at the match itself', () => {
    const it = rule('r', 'evil\\([^)]*\\)', { unless: [{ within: 'match', pattern: 'safe' }] });
    const { findings } = scanText([it], 'a.js', 'evil(safe)\nevil(x) safe\nevil(/* safe */)');
    expect(places(findings)).toEqual(['r@2', 'r@3']);
  });

  test('any one of several conditions is enough', () => {
    const it = rule('r', 'evil\\(', {
      unless: [
        { within: 'line', pattern: 'one' },
        { within: 'call', pattern: 'two' },
      ],
    });
    const { findings } = scanText([it], 'a.js', 'one; evil(1)\nevil(two)\nevil(3)');
    expect(places(findings)).toEqual(['r@3']);
  });

  test('anchors and boundaries see the slice alone', () => {
    const { findings } = scanText([unless('call', '^evil\\(safe\\)$')], 'a.js', 'xevil(safe);');
    expect(findings).toEqual([]);
  });

  test('a condition without a literal is tried, too', () => {
    const { findings } = scanText([unless('line', '\\d')], 'a.js', 'evil(1)\nevil(x)');
    expect(places(findings)).toEqual(['r@2']);
  });

  test('a condition that the blanked text alone matches cancels as well', () => {
    const it = unless('line', 'safe    mode');
    expect(scanText([it], 'a.js', 'evil(1) safe/**/mode').findings).toEqual([]);
  });

  test('a fragment that begins inside of a call', () => {
    const { findings } = scanText([unless('call')], 'a.js', ' 1), safe)\nevil(2)\n}');
    expect(places(findings)).toEqual(['r@2']);
  });
});

describe('`requires` lets only such matches stand', () => {
  const statement = { within: 'statement', pattern: 'req\\.' } as const;
  const file = { within: 'file', pattern: '(?i)express' } as const;

  test.each<[string, string, string[]]>([
    ['in its statement', 'evil(req.a)\nevil(b)\nx(req.c)', ['r@1']],
    ['on a later line of it', 'evil(\n  a,\n  req.b,\n)', ['r@1']],
    ['only in a comment', 'evil(a) // req.b', []],
    ['for a match in a comment', '// evil(req.a)', ['r@1']],
  ])('what stands %s', (_, content, expected) => {
    const it = rule('r', 'evil\\(', { requires: [statement] });
    expect(places(scanText([it], 'a.js', content).findings)).toEqual(expected);
  });

  test('all of several', () => {
    const it = rule('r', 'evil\\(', { requires: [statement, file] });
    expect(scanText([it], 'a.js', 'evil(req.a)').findings).toEqual([]);
    expect(scanText([it], 'a.js', 'Express; evil(req.a)').findings).toHaveLength(1);
  });

  test('and no `unless`', () => {
    const it = rule('r', 'evil\\(', {
      requires: [statement],
      unless: [{ within: 'call', pattern: 'safe' }],
    });
    expect(scanText([it], 'a.js', 'evil(safe(req.a))').findings).toEqual([]);
  });

  test('a condition without a literal is tried, too', () => {
    const it = rule('r', 'evil\\(', { requires: [{ within: 'line', pattern: '\\d' }] });
    expect(places(scanText([it], 'a.js', 'evil(a)\nevil(1)').findings)).toEqual(['r@2']);
  });
});
