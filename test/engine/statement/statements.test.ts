/** Where the statement around a place begins and ends. `HERE` is the place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type LanguageId } from '../../../engine/language.ts';
import { lex } from '../../../engine/lexer/lex.ts';
import { statementsOf } from '../../../engine/statement/statements.ts';
import { decodeUtf8, encodeUtf8 } from '../../../engine/text/utf8.ts';

function statement(language: LanguageId | undefined, text: string): string | undefined {
  const bytes = encodeUtf8(text);
  const at = encodeUtf8(text.slice(0, text.indexOf('HERE'))).length;
  const found = statementsOf(bytes, lex(bytes, language), language).around(at, at + 4);
  return found && decodeUtf8(bytes, found.start, found.end);
}

describe('code', () => {
  test.each<[LanguageId, string, string, string]>([
    ['javascript', 'one of three', 'a(); HERE(b); c();', 'HERE(b);'],
    ['javascript', 'without semicolons', 'a()\nHERE(b)\nc()', 'HERE(b)'],
    [
      'javascript',
      'over lines in brackets',
      'a()\nHERE(\n  b,\n  c\n)\nd()',
      'HERE(\n  b,\n  c\n)',
    ],
    ['javascript', 'a chain', 'a()\nHERE\n  .b()\n  ?.c()\nd()', 'HERE\n  .b()\n  ?.c()'],
    ['javascript', 'an operator at the end', 'x =\n  HERE +\n  b\nc()', 'x =\n  HERE +\n  b'],
    ['javascript', 'an operator in front', 'x = HERE\n  + b\n  && c\nd', 'x = HERE\n  + b\n  && c'],
    ['javascript', 'no operator: ++', 'i++\nHERE\n++j', 'HERE'],
    [
      'javascript',
      'an object literal',
      'q({ a: "s" + HERE, b: 1 }, c); d',
      'q({ a: "s" + HERE, b: 1 }, c);',
    ],
    [
      'javascript',
      'a returned object',
      'f() {\n  return {\n    a: HERE,\n  }\n}',
      'return {\n    a: HERE,\n  }',
    ],
    ['javascript', 'in a callback', 'on("x", (a) => { b(); HERE(a) })', 'HERE(a) }'],
    [
      'javascript',
      'a head with a callback',
      'HERE("x" + y, (a) => { b() })',
      'HERE("x" + y, (a) => {',
    ],
    ['javascript', 'a semicolon in a string', 'HERE("a;b", c); d', 'HERE("a;b", c);'],
    [
      'javascript',
      'a loop',
      'for (let i = 0; i < HERE; i++) { a }',
      'for (let i = 0; i < HERE; i++) {',
    ],
    ['javascript', 'behind a comment', 'a()\n// note\nHERE()', 'HERE()'],
    ['typescript', 'a template over lines', 'x = `a\n${HERE}\nb`\nc()', 'x = `a\n${HERE}\nb`'],
    ['python', 'a line', 'a()\nHERE(b)\nc()', 'HERE(b)'],
    [
      'python',
      'brackets',
      'a = HERE(\n  b,\n  {"c": d},\n)\ne()',
      'a = HERE(\n  b,\n  {"c": d},\n)',
    ],
    ['python', 'a backslash', 'a = HERE + \\\n  b\nc', 'a = HERE + \\\n  b'],
    ['python', 'a head', 'if HERE:\n  b()', 'if HERE:'],
    ['python', 'a semicolon', 'a(); HERE(); b()', 'HERE();'],
    ['python', 'a fragment that begins in a call', '  "x",\n  HERE,\n)\nb()', '"x",\n  HERE,\n)'],
    ['python', 'a fragment that ends in a call', 'a()\nHERE(\n  b,\n', 'HERE(\n  b,\n'],
    ['java', 'over lines', 'a();\nb = HERE\n  + c;\nd();', 'b = HERE\n  + c;'],
    ['java', 'behind an annotation and a head', 'void f() {\n  HERE();\n}', 'HERE();'],
    ['java', 'an array', 'a = new String[] { "x", HERE }; b();', 'a = new String[] { "x", HERE };'],
    [
      'csharp',
      'an initializer',
      'a = new B.C { D = HERE, E = f }; g();',
      'a = new B.C { D = HERE, E = f };',
    ],
    [
      'csharp',
      'an initializer behind arguments',
      'a = new B<C>("x") { D = HERE, E = f }; g();',
      'a = new B<C>("x") { D = HERE, E = f };',
    ],
    ['csharp', 'a body behind arguments', 'void F(int a) {\n  HERE();\n}', 'HERE();'],
    ['swift', 'a body behind a list', 'func f() -> [A] {\n  HERE()\n}', 'HERE()'],
    ['swift', 'a body behind what may be nil', 'func f() -> A? {\n  HERE()\n}', 'HERE()'],
    ['swift', 'a list made of each', 'a = b.map { _ in HERE }.c()', 'a = b.map { _ in HERE }.c()'],
    ['kotlin', 'a body behind what may be null', 'fun f(): A? {\n  HERE()\n}', 'HERE()'],
    ['typescript', 'a body behind a list', 'function f(): A[] {\n  HERE();\n}', 'HERE();'],
    ['rust', 'the body of a closure', 'a(|b| {\n  c();\n  HERE();\n});', 'HERE();'],
    ['csharp', 'a directive', '#if X\nHERE();\n#endif', 'HERE();'],
    ['go', 'lines', 'a()\nHERE(b)\nc()', 'HERE(b)'],
    [
      'go',
      'a composite literal',
      'a()\nb := &c.D{\n  E: HERE,\n}\nf()',
      'b := &c.D{\n  E: HERE,\n}',
    ],
    ['go', 'a block', 'if a {\n  HERE()\n}', 'HERE()'],
    ['rust', 'an arm', 'match a { B => c(), D => HERE(d), E => e() }', 'D => HERE(d),'],
    ['rust', 'a pattern', 'let P { a, b } = HERE;\nc();', 'let P { a, b } = HERE;'],
    ['ruby', 'lines', 'a do |x|\n  HERE x\nend', 'HERE x'],
    ['ruby', 'a hash', 'a b => {\n  c: HERE\n}, d: 1\ne', 'a b => {\n  c: HERE\n}, d: 1'],
    ['ruby', 'a question', 'a.empty?\nHERE', 'HERE'],
    ['kotlin', 'a chain', 'val a = HERE\n  .b { it }\nc()', 'val a = HERE\n  .b {'],
    ['kotlin', 'an import', 'import a.*\nHERE', 'HERE'],
    ['php', 'semicolons', '<?php\n$a = HERE .\n  $b;\nc();', '$a = HERE .\n  $b;'],
    ['php', 'a tag', '<p>(a <?= HERE ?> b</p>\n<?php c(); ?>', 'HERE'],
    ['php', 'tags on lines', '<?= a($b) ?>\n<i>(<?= HERE ?></i>\n<?= e($c) ?>', 'HERE'],
    ['jsp', 'a tag', '<p>(a <%= HERE %> b</p>\n<% c(); %>', 'HERE'],
    ['jsp', 'in a tag', '<% if (a) { %><b>(</b><%\n  b();\n  HERE;\n} %>', 'HERE;'],
    ['erb', 'a tag', '<%- a.each do |b| -%>\n<i><%= HERE b %></i>\n<% end %>', 'HERE b'],
    ['ejs', 'a tag', 'a(<%- HERE %>) <%_ } _%>', 'HERE'],
    ['aspx', 'a tag', '<a b="<%# HERE("c") %>">d', 'HERE("c")'],
    ['c', 'a macro', '#include <a.h>\n#define B \\\n  HERE\nint c;', '#define B \\\n  HERE'],
    ['shell', 'a pipe over lines', 'a\nHERE |\n  b \\\n  c\nd', 'HERE |\n  b \\\n  c'],
    ['shell', 'a semicolon', 'a; HERE "x;y" $z; b', 'HERE "x;y" $z;'],
    ['dockerfile', 'an instruction', 'FROM a\nRUN b && \\\n  HERE\nCMD c', 'RUN b && \\\n  HERE'],
    ['json', 'an entry', '{"a": 1, "b": [ HERE, {"c": 2} ], "d": 3}', '"b": [ HERE, {'],
    ['hcl', 'an argument', 'resource "a" "b" {\n  c = HERE\n  d = 2\n}', 'c = HERE'],
    ['sql', 'over lines', 'select 1;\nselect HERE\nfrom b;\n', 'select HERE\nfrom b;'],
  ])('%s: %s', (language, _, text, expected) => {
    expect(statement(language, text)).toBe(expected);
  });

  test('nothing around a comment', () => {
    expect(statement('javascript', 'a()\n// HERE\nb()')).toBeUndefined();
  });
});

describe('YAML', () => {
  test.each<[string, string, string]>([
    ['an entry', 'a: 1\nb: HERE\nc: 3', 'b: HERE'],
    ['a mapping below a key', 'a: 1\nHERE:\n  c: 2\n\n  d: 3\ne: 4', 'HERE:\n  c: 2\n\n  d: 3'],
    ['a list item', 'x:\n  - a: 1\n  - HERE: 2\n    c: 3\n  - d: 4', '- HERE: 2\n    c: 3'],
    ['an entry of an item', 'x:\n  - a: 1\n    b: HERE\n    c: 3', 'b: HERE'],
    ['a list as far left as its key', 'HERE:\n- a: 1\n- b\nc: 2', 'HERE:\n- a: 1\n- b'],
    [
      'a block scalar',
      '- run: |\n    a: 1\n\n    HERE\n    b\n- c',
      '- run: |\n    a: 1\n\n    HERE\n    b',
    ],
    ['a key below a block scalar in an item', '- run: |\n    a\n  env:\n    HERE: 1', 'HERE: 1'],
    ['a block scalar as an item', '- |\n  a: 1\n  HERE\n- b', '- |\n  a: 1\n  HERE'],
    ['a folded scalar', 'a: >-\n  x\n  HERE\nb: 1', 'a: >-\n  x\n  HERE'],
    ['a value over lines', 'a: x\n  HERE\n  y\nb: 1', 'a: x\n  HERE\n  y'],
    ['a comment between', 'a:\n  b: HERE\n# c\nd: 1', 'b: HERE'],
    ['an `or` at the end is no scalar', 'a: x ||\n  y\nb: HERE', 'b: HERE'],
  ])('%s', (_, text, expected) => {
    expect(statement('yaml', text)).toBe(expected);
  });
});

test('whatever the text, a statement holds its place and those of one text do not overlap', () => {
  const piece = fc.constantFrom(
    ...'(){}[];,:|>-=.+"\'`\\#\n\r\t $a'.split(''),
    '\n',
    ' ',
    'ab',
    '//',
    'é',
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.constantFrom(undefined, ...LANGUAGES), text, (language, content) => {
      const bytes = encodeUtf8(content);
      const statements = statementsOf(bytes, lex(bytes, language), language);
      let last = { start: 0, end: 0 };
      for (let at = 0; at < bytes.length; at++) {
        const found = statements.around(at, at + 1);
        if (found === undefined) continue;
        expect(found.start).toBeLessThanOrEqual(at);
        expect(found.end).toBeGreaterThan(at);
        expect(found.end).toBeLessThanOrEqual(bytes.length);
        if (language !== 'yaml' && found.start !== last.start) {
          expect(found.start).toBeGreaterThanOrEqual(last.end);
          last = found;
        }
      }
    }),
    { numRuns: 3_000 },
  );
});
