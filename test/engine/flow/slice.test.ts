/** `within: flow`: only what the value of a group is made of counts, and only checks of that. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../engine/rule.ts';
import { rule, scanText } from '../scan-text.ts';

const condition = (pattern: string): Condition => ({
  within: 'flow',
  lines: 40,
  of: 'value',
  pattern,
});

const SINK = rule('r', 'open\\((?P<value>[^\\n]*)\\)', {
  requires: [condition('\\binput\\b|@Param\\s+\\w+\\s+\\w+\\s*$|: Query<Q>$')],
  unless: [condition('\\bbasename\\b|\\bALLOWED\\b|\\bcheck\\b')],
});

const isFound = (path: string, lines: readonly string[]): boolean => {
  const { findings, incomplete } = scanText([SINK], path, lines.join('\n'));
  expect(incomplete).toEqual([]);
  return findings.length > 0;
};

describe('a value comes from what its names are assigned', () => {
  test.each<[string, string, readonly string[]]>([
    ['at once', 'a.py', ['open(input.a)']],
    ['by one variable', 'a.py', ['a = input.get("a")', 'open(a)']],
    ['by several', 'a.py', ['a = input["a"]', 'b = f(a)', 'c = ROOT + b', 'log(c)', 'open(c)']],
    ['in a format string', 'a.py', ['a = input["a"]', 'open(f"{ROOT}/{a}.txt")']],
    ['in a raw format string', 'a.py', ['a = input["a"]', 'open(rf"{ROOT}/{a}.txt")']],
    ['in a text of C#', 'a.cs', ['var a = input["a"];', 'open($"{root}/{a}");']],
    ['in a template', 'a.ts', ['const a = input.a', 'open(`${ROOT}/${a}`)']],
    ['in a string of PHP', 'a.php', ['<?php', '$a = $input["a"];', '$b = "x {$a}";', 'open($b);']],
    ['in a string of Kotlin', 'a.kt', ['val a = input["a"] ?: return', 'open("$root/$a")']],
    ['in a string of Ruby', 'a.rb', ['a = input[:a]', 'b = "#{ROOT}/#{a}"', 'open(b)']],
    ['in a string of Swift', 'a.swift', ['let a = input["a"]', 'open("\\(root)/\\(a)")']],
    ['in a format of Rust', 'a.rs', ['let a = input.a;', 'let b = format!("x/{a}");', 'open(b)']],
    ['by destructuring', 'a.ts', ['const { a, b: c = 1 } = input', 'open(c)']],
    ['by destructuring a list', 'a.js', ['const [, a] = input.split("/")', 'open(a)']],
    ['with several values', 'a.go', ['a, err := read(input)', 'open(a)']],
    ['by its address', 'a.go', ['if err := decode(input, &a); err != nil {', '}', 'open(a.Name)']],
    ['by a method of it', 'a.js', ['const a = []', 'a.push(input.a)', 'open(a.join("/"))']],
    ['by adding to it', 'a.java', ['String a = "x";', 'a += input.get("a");', 'open(a);']],
    ['in a buffer', 'a.c', ['char b[9];', 'snprintf(b, 9, "%s", input);', 'open(b);']],
    ['in a loop', 'a.py', ['for a in input:', '    open(a)']],
    ['in a loop of PHP', 'a.php', ['<?php', 'foreach ($input as $a) {', '  open($a);', '}']],
    ['as a parameter that throws', 'a.java', ['void f(@Param String a) throws E {', '  open(a);']],
    ['as an attribute tells', 'a.rs', ['#[get("/a")]', 'fn f(a: Query<Q>) -> R<A> {', '  open(a)']],
    ['in a callback', 'a.js', ['input.forEach((a) => {', '  open(a)', '})']],
    ['in a block', 'a.rb', ['input.each do |a|', '  open(a)', 'end']],
    ['as a parameter', 'a.java', ['void f(@Param String a, Store s) {', '  open(a);', '}']],
    ['of what throws', 'a.java', ['void f(@Param String a) throws E {', '  open(a);', '}']],
    ['as a pattern', 'a.rs', ['fn f(Query(q): Query<Q>) {', '  open(q.name)', '}']],
    [
      'below an attribute',
      'a.rs',
      ['#[get("/a/{b}")]', 'fn f(q: Query<Q>) {', '  open(q.b);', '}'],
    ],
    ['over lines', 'a.py', ['a = f(', '    1,', '    input,', ')', 'open(a)']],
    ['unless it is in a branch', 'a.py', ['a = input.a', 'if x:', '    a = 1', 'open(a)']],
    ['as one of two', 'a.ts', ['const a = x ? input.a : "z"', 'open(a)']],
    ['as one of two in Python', 'a.py', ['a = input.a if x else 2', 'open(a)']],
    ['by a key', 'a.py', ['a = input.get("a", b)', 'open(a)']],
    ['by a symbol', 'a.rb', ['a = input[:a]', 'open(a)']],
    ['in a path', 'a.java', ['Path a = Paths.get(ROOT, input.get("a"));', 'open(a);']],
    ['where it may be missing', 'a.ts', ['const a = input?.a ?? "x"', 'open(a)']],
    ['through itself', 'a.py', ['a = input.a', 'a = a.strip()', 'open(a)']],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(true);
  });

  test.each<[string, string, readonly string[]]>([
    ['another name', 'a.py', ['a = input.a', 'open(b)']],
    ['a name that begins with it', 'a.py', ['a = input.a', 'open(ab)']],
    ['a function of that name', 'a.py', ['a = input.a', 'open(a())']],
    ['a member of that name', 'a.js', ['const a = input.a', 'open(b.a)']],
    ['a key of that name', 'a.js', ['const a = input.a', 'open({ a: 1 })']],
    ['an argument of that name', 'a.py', ['a = input.a', 'open(f(a=1))']],
    ['another value', 'a.py', ['a = input.a', 'a = "x"', 'open(a)']],
    ['another value, inside', 'a.py', ['a = input.a', 'if x:', '    a = 1', '    open(a)']],
    ['only looked at', 'a.py', ['log(input, a)', 'open(a)']],
    ['only compared', 'a.js', ['if (a == input) f()', 'open(a)']],
    ['of the function above', 'a.py', ['def f():', '    a = input', 'def g():', '    open(a)']],
    ['below', 'a.py', ['open(a)', 'a = input']],
    ['another parameter', 'a.java', ['void f(@Param String a, Store s) {', '  open(s);', '}']],
    ['in a comment', 'a.py', ['# a = input', 'open(a)']],
    ['a key', 'a.py', ['a = TABLE[input.a]', 'open(a)']],
    ['a key where it is used', 'a.js', ['const a = input.a', 'open(table[a])']],
    ['a key of a map', 'a.js', ['const a = table.get(input.a)', 'open(a)']],
    ['a key of a literal', 'a.go', ['a := map[string]int{"x": 1}[input.a]', 'open(a)']],
    ['an argument of a query', 'a.js', ['const a = await db.query(SQL, [input.a])', 'open(a.b)']],
    ['a condition', 'a.ts', ['const a = input.a === "x" ? "y" : "z"', 'open(a)']],
    ['a condition of Python', 'a.py', ['a = 1 if input.a else 2', 'open(a)']],
    ['one of several', 'a.kt', ['val a = when (input) {', '  "x" -> "y"', '}', 'open(a)']],
    ['one of several in Rust', 'a.rs', ['let a = match input {', '  _ => "y",', '};', 'open(a);']],
    ['one of several in Ruby', 'a.rb', ['a = case input', 'when 1 then "y"', 'end', 'open(a)']],
    [
      'what is found in a table',
      'a.ts',
      ['const a = await jobs.findUniqueOrThrow({ where: { b: input } })', 'open(a.id)'],
    ],
    ['a name of a template', 'a.py', ['a = input.a', 'open("x {{ a }}")']],
    ['a name in a plain text', 'a.py', ['a = input.a', 'open("x {a}")']],
    ['a name in braces', 'a.js', ['const a = input.a', 'open("x {a}")']],
    ['a name behind a dollar', 'a.py', ['a = input.a', 'open("x[y=$a]")']],
    ['the name of an argument', 'a.swift', ['let at = input.a', 'open(at: b)']],
  ])('%s is not it', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(false);
  });
});

describe('a check counts for the value that is used', () => {
  test.each<[string, string, readonly string[]]>([
    ['made safe', 'a.py', ['a = input.a', 'b = basename(a)', 'open(b)']],
    ['made safe where it is used', 'a.py', ['a = input.a', 'open(basename(a))']],
    ['looked up', 'a.py', ['a = input.a', 'if a not in ALLOWED:', '    stop()', 'open(a)']],
    ['looked up before it is put in', 'a.js', ['const a = input.a', 'check(a)', 'open("x" + a)']],
    ['looked up in the statement', 'a.rb', ['a = input[:a]', 'open(a) if check(a)']],
    ['by the key', 'a.py', ['check(input["a"])', 'a = input["a"]', 'open(a)']],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(false);
  });

  test.each<[string, string, readonly string[]]>([
    ['another variable', 'a.py', ['a = input.a', 'b = basename(input.b)', 'open(a)']],
    ['another key', 'a.py', ['check(input["b"])', 'a = input["a"]', 'open(a)']],
    ['another key of a getter', 'a.py', ['check(input.get("b"))', 'a = input.get("a")', 'open(a)']],
    [
      'another branch',
      'a.js',
      ['a = input', 'switch (x) {', 'case 1:', '  check(a)', 'case 2:', '  open(a)'],
    ],
    ['below', 'a.js', ['const a = input.a', 'open(a)', 'check(a)']],
  ])('%s hides nothing', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(true);
  });
});

describe('what is made safe is followed no further, and the rest is', () => {
  const once = (value = '[^\\n]*') =>
    rule('r', `open\\((?P<value>${value})\\)`, {
      requires: [
        {
          ...condition('\\binput\\b|@Param'),
          without: ['clean', '\\bint\\)|\\bint \\w+$|ALLOWED', '\\.num'],
        },
      ],
    });
  test.each<[string, string, readonly string[], boolean]>([
    ['the value', 'a.py', ['a = clean(input.a)', 'open(a)'], false],
    ['the value where it is used', 'a.py', ['a = input.a', 'open(clean(a))'], false],
    ['another one', 'a.py', ['a = input.a', 'b = clean(input.b)', 'open(a + b)'], true],
    ['another one beside it', 'a.js', ['const a = input.a', 'open(`${clean(b)} ${a}`)'], true],
    ['one of two beside', 'a.js', ['open("x" + clean(input.a) + "y" + input.b)'], true],
    ['both', 'a.js', ['open("x" + clean(input.a) + "y" + clean(input.b))'], false],
    ['the rest of the chain', 'a.kt', ['val a = input.get("a")?.num() ?: 1', 'open(a)'], false],
    ['what is cast', 'a.php', ['<?php', '$a = (int) $input["a"];', 'open($a);'], false],
    [
      'one of two texts of PHP',
      'a.php',
      ['<?php', 'open(clean($input["a"]) . $input["b"]);'],
      true,
    ],
    ['a parameter', 'a.java', ['void f(@Param int a) {', '  open(a);', '}'], false],
    [
      'another parameter',
      'a.java',
      ['void f(@Param int a, @Param String b) {', '  open(b);'],
      true,
    ],
    ['what is asked about', 'a.py', ['a = input.a', 'if a in ALLOWED:', '    open(a)'], false],
    ['the value at once', 'a.js', ['if (ALLOWED.has(input.a)) open(input.a)'], false],
    ['only another one', 'a.py', ['a = input.a', 'if b in ALLOWED:', '    open(a)'], true],
    [
      'one of two, asked',
      'a.py',
      ['a = f(input.a)', 'b = input.b', 'if a in ALLOWED:', '    open(a + b)'],
      true,
    ],
    ['what is only written', 'a.py', ['a = input.a', 'log(clean(a))', 'open(a)'], true],
    ['a copy', 'a.py', ['a = input.a', 'b = clean(a)', 'open(a)'], true],
    [
      'a member that is asked about',
      'a.go',
      ['a := f(input)', 'if ALLOWED[a.Host] {', '\topen(a)'],
      false,
    ],
    [
      'what the choice asks',
      'a.js',
      ['const a = input.a', 'open(ALLOWED.has(a) ? a : "b")'],
      false,
    ],
    [
      'a member in a choice',
      'a.js',
      ['const a = f(input)', 'open(ALLOWED.has(a.b) ? a.c : "d")'],
      false,
    ],
    [
      'what is required',
      'a.kt',
      ['val a = input.a', 'require(clean(a)) { "b" }', 'open(a)'],
      false,
    ],
    ['an answer', 'a.js', ['const a = input.a', 'const ok = ALLOWED.has(a)', 'open(a)'], false],
  ])('%s', (_, path, lines, isThere) => {
    const { findings, incomplete } = scanText([once()], path, lines.join('\n'));
    expect(incomplete).toEqual([]);
    expect(findings.length > 0).toBe(isThere);
  });
});

describe('an expression goes on to the end of the argument', () => {
  const begins = { ...SINK, patterns: ['open\\(\\s*(?P<value>[^\\s(),;][^(),;\\n]*)'] };
  test.each<[string, string, readonly string[], boolean]>([
    ['with calls in it', 'a.js', ['const a = input.a', 'open(join(ROOT, f(a)), 1)'], true],
    ['over lines', 'a.py', ['a = input.a', 'open(', '  "x, y"', '  + a,', '  1)'], true],
    ['behind a comma in a string', 'a.js', ['const a = input.a', 'open("x, y" + a)'], true],
    ['in a template of lines', 'a.js', ['const a = input.a', 'open(`x,', '  ${a}`)'], true],
    ['not to the next argument', 'a.js', ['const a = input.a', 'open(f(1, 2), a)'], false],
    ['not behind the call', 'a.js', ['const a = input.a', 'open(f(1)) + a'], false],
    ['not to the next statement', 'a.js', ['const a = input.a', 'open(b)', 'f(a)'], false],
  ])('%s', (_, path, lines, isThere) => {
    const { findings } = scanText([begins], path, lines.join('\n'));
    expect(findings.length > 0).toBe(isThere);
  });
});

test('a group that took no part has no value', () => {
  const maybe = rule('r', 'open\\((?P<value>\\w+)?', { unless: [condition('input')] });
  expect(scanText([maybe], 'a.py', 'input\nopen(').findings).toHaveLength(1);
  const required = { ...maybe, unless: [], requires: [condition('input')] };
  expect(scanText([required], 'a.py', 'input\nopen(').findings).toHaveLength(0);
});

test('no text is too odd for it', () => {
  const pieces =
    'open( ) a input { } ( " \' ` ${ & . , -> => [ ] : ; def for if é # // | < += ='.split(' ');
  const piece = fc.constantFrom(' ', '\n', '  ', ...pieces);
  const paths = fc.constantFrom('a.py', 'a.ts', 'a.php', 'a.go', 'a.rb', 'a.rs', 'a.yaml', 'a.sh');
  let found = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), paths, (parts, path) => {
      const { findings } = scanText([SINK], path, `${parts.join('')}\nopen(input)\n`);
      found += findings.length;
    }),
    { numRuns: 500 },
  );
  expect(found).toBeGreaterThan(100);
});

test('many values are followed as far as the work allows, and the rest is told', () => {
  const one = { ...SINK, patterns: ['open\\((?P<value>\\w+)\\)'] };
  const text = `input;${'a0 = b(a1);'.repeat(60)}\n${`${'open(a0);'.repeat(200)}\n`.repeat(90)}`;
  const { findings, incomplete } = scanText([one], 'a.js', text);
  expect(findings.length).toBeGreaterThan(0);
  expect(incomplete.map(({ reason }) => reason)).toEqual([
    'conditions were not decided for every match; the finding is kept',
  ]);
});

test('minified code is not followed', () => {
  const line = 'const a = input.a; open(a);';
  expect(isFound('a.js', [line])).toBe(true);
  expect(isFound('a.js', [`${line}${'f(1);'.repeat(500)}`])).toBe(false);
});
