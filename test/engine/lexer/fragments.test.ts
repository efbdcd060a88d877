import { describe, expect, test } from 'vitest';
import type { LanguageId } from '../../../engine/language.ts';
import { plain, show } from './show.ts';

const BEGINS_INSIDE: readonly (readonly [LanguageId, string, string])[] = [
  ['javascript', 'comment', "« * don't eval(x)\n * @param {y}\n */»\na(‹'b'›)"],
  ['javascript', 'comment without stars', "«eval(x) is bad,\nsee above */» a(‹'b'›)"],
  ['css', 'comment', '«it is old */» a { b: c }'],
  ['html', 'comment', '«it is <b>old\n-->»<p>'.replace('<b>', '')],
  ['python', 'docstring', 'it‹\'s the end."""›\neval(x)'],
  ['python', 'docstring before another', 'the end.‹"""›\neval(x)\ndef f():\n  ‹"""Doc."""›\n  g()'],
  ['python', 'docstring end on its own line', '  text\n  ‹"""›\n  eval(x)\n  ‹"""Doc."""›'],
  ['javascript', 'template', 'where id = 1‹`›;\neval(a); b = ‹`c ${›d‹}`›; e'],
  ['go', 'raw string', 'where id = 1‹`›)\nf(‹`c`›)'],
  ['shell', 'double quotes', 'and so on‹"›\neval x; echo ‹"y"›'],
];

const ENDS_INSIDE: readonly (readonly [LanguageId, string, string])[] = [
  ['javascript', 'comment', 'a(); «/* b\nc»'],
  ['javascript', 'template', 'a = ‹`b "c\nd›'],
  ['javascript', 'template code', "a = ‹`b ${›c(‹'d'›"],
  ['python', 'triple quotes', 'a = ‹"""b\nc›'],
  ['python', 'docstring', 'def f():\n  ‹"""Text\n  more›'],
  ['java', 'text block', 'a = ‹"""\n  b›'],
  ['html', 'comment', '<a>«<!-- b\n<c>»'],
  ['html', 'script', "<script>a(‹'b'›)"],
];

/** Tricks that would have code taken for something else. */
const HOSTILE: readonly (readonly [LanguageId, string, string])[] = [
  ['javascript', 'apostrophe in a comment', "«// don't»\neval(a)"],
  ['javascript', 'quote in a regex', 'a = ‹/"/›;\neval(b)'],
  ['javascript', 'backtick in a regex', 'if (a) ‹/`/›.test(b);\neval(c)'],
  ['javascript', 'stray backtick', 'a ‹`›;\neval(b)'],
  ['javascript', 'comment close in a string', "a = eval(b); c(‹'*/5 * * * *'›)"],
  ['javascript', 'comment close in a string first', "cron(‹'*/5 * *'›, eval)"],
  ['javascript', 'comment close in an element', 'a = () => <p>*/</p>; eval(b)'],
  ['javascript', 'comment close after code', 'eval(a);\nif (b) ‹/c*/›.test(d)'],
  ['javascript', 'comment open in a regex', 'a = ‹/[/*]/›;\neval(b)'],
  ['javascript', 'comment open in a string', "a = ‹'/*'›;\neval(b)"],
  ['javascript', 'unterminated class of a regex', 'a = b /[ c\neval(d)'],
  ['python', 'triple quotes in a comment', 'a «# """»\neval(b)'],
  ['python', 'triple quotes in a string', 'a = ‹\'"""\'›\neval(b)'],
  ['shell', 'shift in arithmetic', 'a=$((b<<c))\neval d\nc\n'],
  ['html', 'comment in an attribute', '<a b="<!--"><c onclick="eval(d)">'],
  ['php', 'quote before a stray tag', "<p>' ?> <?php eval($a); ‹'b'›;"],
  ['yaml', 'apostrophe in a block', "run: |\n  echo it's\n  eval a"],
  ['rust', 'lifetime', "fn a<'a>() { eval(b) } fn c<'c>() {}"],
  ['c', 'apostrophe in a directive', "#error don‹'t›\nsystem(a)"],
];

describe.each([
  ['a fragment that begins inside a', BEGINS_INSIDE],
  ['a fragment that ends inside a', ENDS_INSIDE],
  ['hostile text', HOSTILE],
])('%s', (_name, cases) => {
  test.each(cases)('%s: %s', (language, _case, shown) => {
    expect(show(plain(shown), language)).toBe(shown.replaceAll(/›‹|»«/g, ''));
  });
});
