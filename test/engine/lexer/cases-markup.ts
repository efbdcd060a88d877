import type { LanguageId } from '../../../engine/language.ts';

const HTML: readonly (readonly [string, string])[] = [
  ['comments', `<p title="it's">don't</p>«<!-- "a" -->»<b>`],
  ['script', `<script type="module">a(‹'b'›) «// it's»\n</script><p>it's</p>`],
  ['style', `<STYLE>«/* it's */» a { b: url(‹"c"›) }</STYLE> d's`],
  ['script ends where HTML says', `<script>a = ‹"</script><p>it's</p>`.replace('‹"', '‹"›')],
  ['comment marker in an attribute', `<a title="<!--" onclick="eval(b)">«<!-- c -->»`],
  ['comment marker in a text area', `<textarea><!--</textarea><b onclick="c()">`],
  ['empty comments', `«<!-->»<a>«<!--->»<b>«<!-- c --!>»<d>`],
  ['stray close at the start', `«it's old\n-->»\n<b>`],
];

const named = (
  language: LanguageId,
  cases: readonly (readonly [string, string])[],
): (readonly [LanguageId, string, string])[] =>
  cases.map(([name, shown]) => [language, name, shown] as const);

/** Of templates: tags as in all of them, with a string and a number in code. */
const TAGS: readonly (readonly [string, string])[] = [
  ['outside is HTML', `<p title="it's">don't</p>«<!-- "a" -->»`],
  ['tags', `<p>it's <%= a[‹"b"›] %> don't</p><% c(‹"d"›) %>`],
  ['in an attribute', `<a href="/b?c=<%= d(‹"e"›) %>&f" title="it's">`],
  ['a tag ends in a string', `<% a(‹"b ›%> it's`],
  ['code that began above', `a(‹"b"›) %> it's <%= c(‹"d"›) %>`],
];

export const MARKUP_CASES: readonly (readonly [LanguageId, string, string])[] = [
  ...named('html', HTML),
  ...named('vue', HTML),
  ...named('svelte', HTML),
  ...named('jsp', TAGS),
  ...named('aspx', TAGS),
  ...named('erb', TAGS),
  ...named('ejs', TAGS),
  ['jsp', 'a comment', `«<%-- it's %> <%= a --%>»<b>it's</b><% c(); «// d »%>it's`],
  ['aspx', 'a comment', `«<%-- it's %> --%>»<%# Eval(‹"a"›) %>`],
  ['erb', 'comments', `«<%# it's %>»<% a «# b's »%><%= ‹'c'› -%>don't`],
  ['ejs', 'comments', `«<%# it's %>»<%_ a(‹"b"›) «/* c */» -%>don't`],
  ['vue', 'TypeScript', `<script lang="ts">a = <any>b; c(‹'d'›)</script>`],
  ['svelte', 'template code', `{@html "a"} {#if b}it's{/if} «<!-- c -->»`],
  ['xml', 'comments', `<a b="it's">«<!-- " -->»don't</a>`],
  ['xml', 'CDATA', `<![CDATA[ <!-- it's ]]><a/>«<!-- b -->»`],
  ['xml', 'comment without an end', `<a/>«<!-- b <c/>»`],
  ['xml', 'declaration', `<?xml version="1.0"?>«<!-- a -->»<b/>`],
  ['css', 'comments', `a { b: c } «/* it's */» d «// e»\nf`],
  ['css', 'links are no comments', `a { b: url(//c.d/e); f: url(http://g) }`],
  ['css', 'strings', `a::after { content: ‹"/* b"›; c: ‹'"'› }`],
  ['css', 'unterminated string', `a { b: ‹"c› \n}`.replace('c› ', 'c ›')],
  ['markdown', 'prose', `«# it's\n\neval(x)»`],
  ['markdown', 'fence', '«```js\neval(x)\n```\n»'],
  ['markdown', 'empty', ''],
  ['markdown', 'HTML comment', `«a <!-- b -->»`],
  ['notebook', 'the file', `{‹"source"›: [‹"a = 'b' # it's\\n"›, ‹"c(\\"d\\")"›]}`],
  ['notebook', 'the file after a blank line', `\n {‹"cell_type"›: ‹"code"›}`],
  ['notebook', 'bare source over lines', `‹'''a\nb'''›\nc`],
  ['notebook', 'bare source of a cell', `a = ‹'b'› «# it's»\nc`],
];
