import { describe, expect, test } from 'vitest';
import type { LanguageId } from '../../../engine/language.ts';
import { CallIndex } from '../../../engine/lexer/balance.ts';
import { LineIndex } from '../../../engine/text/lines.ts';
import { enclosingBlock } from '../../../engine/lexer/block.ts';
import { hasComments, lex } from '../../../engine/lexer/lex.ts';

/** `^` marks where to start, `$` the expected end. */
const CALLS: readonly (readonly [string, LanguageId, string])[] = [
  ['simple', 'python', '^f(a, b)$ + c'],
  ['nested', 'python', '^f(a(b), (c))$)'],
  ['over lines', 'python', '^f(\n  a,\n  b,\n)$\nc'],
  ['parenthesis in a string', 'python', '^f(")", a)$)'],
  ['parenthesis in a comment', 'python', '^f( # )\n a)$)'],
  ['starts in a string', 'javascript', '"a^(" + f(b)$)'],
  ['code in a template', 'javascript', '^f(`${g(")")}`)$)'],
  ['without a call', 'python', '^a = b$\nf(c)'],
  ['closing one first', 'python', '^) + f(a)$'],
  ['unclosed', 'python', '^f(a, [b]\nc$'],
  ['in Ruby', 'ruby', '^f("#{g(1)}")$)'],
];

describe('CallIndex', () => {
  test.each(CALLS)('%s', (_name, language, marked) => {
    const from = marked.indexOf('^');
    const text = marked.replace('^', '');
    const last =
      language === 'javascript' ? text.replace('${', '_{').indexOf('$') : text.indexOf('$');
    const bytes = new TextEncoder().encode(text.slice(0, last) + text.slice(last + 1));
    const lines = new LineIndex(bytes);
    const limit = lines.endOf(lines.lineAt(from));
    expect(new CallIndex(bytes, lex(bytes, language)).end(from, limit)).toBe(last);
  });

  test('gives up after 64 KiB', () => {
    const bytes = new TextEncoder().encode(`f(${'a,'.repeat(1 << 16)})`);
    expect(new CallIndex(bytes, lex(bytes, 'python')).end(0, bytes.length)).toBe(64 * 1024);
  });
});

/** `^` marks the place, `[[` and `]]` the block expected around it. */
const BLOCKS: readonly (readonly [string, LanguageId, string])[] = [
  ['braces', 'javascript', 'function f() [[{ a; ^b; { c } }]] d'],
  ['inner braces', 'java', 'class A { void b() { c(); } void d() [[{ { e } ^f(); }]] }'],
  ['braces in strings', 'go', 'func a() [[{ b("}"); ^c("{") /* } */ }]]'],
  ['top level', 'javascript', '[[{ a } ^b { c }]]'],
  ['unclosed', 'rust', 'fn a() [[{ ^b(\n  c]]'],
  ['function', 'python', 'a\n[[def f():\n  b\n\n  if c:\n    d\n  ^e\n\n]]g'],
  ['inner block', 'python', 'def f():\n  b\n[[  if c:\n    ^d\n    e\n]]  g'],
  ['top level of a module', 'python', '[[a\ndef f():\n  b\n^c\n]]'],
  ['workflow step', 'yaml', 'a:\n[[  - b: c\n    ^d: |\n      e\n    f: g\n]]  - h: i'],
  ['blank line', 'python', '[[def f():\n  a\n^\n  b\n]]c'],
  ['last line without a newline', 'python', '[[def f():\n  ^a]]'],
];

describe('enclosingBlock', () => {
  test.each(BLOCKS)('%s', (_name, language, marked) => {
    const start = marked.replace('^', '').indexOf('[[');
    const end = marked.replace('^', '').replace('[[', '').indexOf(']]');
    const offset = marked.replace('[[', '').replace(']]', '').indexOf('^');
    const bytes = new TextEncoder().encode(
      marked.replace(/\[\[|\]\]|\^/g, '').replace(/\]\]|\^/g, ''),
    );
    expect(enclosingBlock(bytes, lex(bytes, language), offset, language)).toEqual({ start, end });
  });

  test('reaches 256 KiB to each side', () => {
    const bytes = new Uint8Array(1 << 20).fill(97);
    const middle = 1 << 19;
    const reach = 256 * 1024;
    const block = { start: middle - reach, end: middle + reach };
    expect(enclosingBlock(bytes, lex(bytes, 'c'), middle, 'c')).toEqual(block);
    expect(enclosingBlock(bytes, lex(bytes, 'python'), middle, 'python')).toEqual(block);
  });
});

test.each([
  ['python', true],
  ['notebook', true],
  ['php', true],
  [undefined, false],
] as const)('hasComments of %s is %s', (language, expected) => {
  expect(hasComments(language)).toBe(expected);
});
