/** `is: variable`: a value that is made of constants alone, as far as its function tells, is told by no such rule. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanText } from '../scan-text.ts';
import { isFound, SINK } from './variable.ts';

describe('nothing is told of a value', () => {
  test.each<[string, string, readonly string[]]>([
    ['of a constant', 'a.py', ['a = "x"', 'run("ls " + a)']],
    ['of a number', 'a.py', ['a = 1', 'run(f"ls {a}")']],
    ['of what elsewhere is a keyword', 'a.js', ['const fn = T[b];', 'run("ls " + fn);']],
    ['of such a variable', 'a.php', ['<?php', '$fn = ROOT;', 'run("ls " . $fn);']],
    ['of several', 'a.ts', ['const a = "x";', 'const b = a + "y";', 'run(`ls ${b}`);']],
    ['of a constant by its name', 'a.py', ['run("ls " + ROOT)']],
    [
      'of a constant of its own object',
      'a.py',
      ['def f(self):', '    a = ", ".join(self.NAMES)', '    run("ls " + a)'],
    ],
    ['of a constant of a class', 'a.php', ['<?php', 'run("ls " . self::ROOT);']],
    ['of a table of constants', 'a.ts', ['run("ls " + NAMES.a)']],
    ['of an enumeration', 'a.java', ['run("ls " + Level.HIGH);']],
    ['of either of two', 'a.ts', ['const a = b ? "x" : "y";', 'run("ls " + a)']],
    ['of either of two in Python', 'a.py', ['a = "x" if b else "y"', 'run("ls " + a)']],
    ['of either of two in Kotlin', 'a.kt', ['val a = if (b) "x" else "y"', 'run("ls $a")']],
    ['of either block on a line', 'a.js', ['if (b) { a = "x"; } else { a = "y"; }', 'run(a)']],
    [
      'of what was written down and left',
      'a.js',
      ['const a = b.c;', 'if (!ALLOWED.has(a)) {', '  log(a);', '  return;', '}', 'run(a);'],
    ],
    [
      'of what is written down or else used',
      'a.js',
      ['const a = b.c;', 'if (!ALLOWED.has(a)) {', '  log(a);', '} else {', '  run(a);', '}'],
    ],
    ['of a table', 'a.py', ['a = {"x": "1"}[b]', 'run("ls " + a)']],
    ['minified', 'a.js', [`${'x;'.repeat(1200)}run("ls "+a)`]],
    ['of a table by name', 'a.js', ['const t = { x: "1" };', 'const a = t[b];', 'run("ls " + a)']],
    ['of a table that is asked', 'a.py', ['t = {"x": "1"}', 'a = t.get(b, "2")', 'run("ls " + a)']],
    [
      'of a table that is made there',
      'a.java',
      ['String a = Map.of("x", "1").getOrDefault(b, "2");', 'run("ls " + a);'],
    ],
    [
      'of a table that is made there, asked for one',
      'a.js',
      ["const a = new Map([['x', '1']]).get(b);", 'run("ls " + a);'],
    ],
    ['of a list', 'a.js', ['const a = ["x", "y"].find((b) => b === c);', 'run("ls " + a)']],
    [
      'of a choice',
      'a.kt',
      ['val a = when (b) {', '    "x" -> "1"', '    else -> "2"', '}', 'run("ls $a")'],
    ],
    [
      'of a choice in Rust',
      'a.rs',
      ['let a = match b {', '  "x" => "1",', '  _ => "2",', '};', 'run("ls " + a);'],
    ],
    [
      'of a choice in Ruby',
      'a.rb',
      ['a = case b', '    when 1 then "x"', '    else "y"', '    end', 'run("ls #{a}")'],
    ],
    [
      'of branches',
      'a.go',
      ['var a string', 'if b {', '\ta = "x"', '} else {', '\ta = "y"', '}', 'run("ls " + a)'],
    ],
    [
      'of branches of Python',
      'a.py',
      ['if b:', '    a = "x"', 'else:', '    a = "y"', 'run("ls " + a)'],
    ],
    ['with a default', 'a.go', ['a := "x"', 'if b {', '\ta = "y"', '}', 'run("ls " + a)']],
    ['of a loop', 'a.py', ['for a in ("x", "y"):', '    run("ls " + a)']],
    [
      'of a loop of Go',
      'a.go',
      ['for _, a := range []string{"x", "y"} {', '\trun("ls " + a)', '}'],
    ],
    [
      'of a loop of PHP',
      'a.php',
      ['<?php', 'foreach (["x", "y"] as $a) {', '  run("ls $a");', '}'],
    ],
    ['of a counter', 'a.java', ['for (int i = 0; i < 9; i++) {', '  run("ls " + i);', '}']],
    ['of a length', 'a.js', ['run("ls " + list.length)']],
    ['that is put together', 'a.js', ['const a = ["x"];', 'a.push("y");', 'run(a.join(" "))']],
    [
      'of a comprehension',
      'a.py',
      ['a = ", ".join(["?" for b in c_of("x")])'.replace('c_of("x")', '("x", "y")'), 'run(a)'],
    ],
    ['that was made safe', 'a.py', ['a = int(b)', 'run(f"ls {a}")']],
    ['that is made safe there', 'a.py', ['run(f"ls {int(b)}")']],
    ['that is a number by its type', 'a.java', ['void f(int a) {', '  run("ls " + a);']],
    [
      'that was checked',
      'a.py',
      ['def f(a):', '    if a not in ALLOWED:', '        return', '    run(a)'],
    ],
    ['of the file', 'a.py', ['ls = "ls "', '', 'def f(b):', '    run(ls)']],
    [
      'of the class',
      'a.java',
      [
        'class A {',
        '  private static final String ls = "ls";',
        '  void f(String b) {',
        '    run(ls);',
      ],
    ],
    ['of a text of lines', 'a.rb', ['a = <<~END', '  ls x', 'END', 'run(a)']],
    ['in a format', 'a.go', ['a := "x"', 'run(fmt.Sprintf("ls %s", a))']],
    ['in a format of Rust', 'a.rs', ['let a = "x";', 'run(format!("ls {}", a));']],
    ['with a property that has a name', 'a.py', ['a = "x"', 'run(cmd="ls " + a)']],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(false);
  });
});

describe('it is told where the value may be any', () => {
  test.each<[string, string, readonly string[]]>([
    ['a parameter', 'a.py', ['def f(a):', '    run("ls " + a)']],
    ['a parameter with a default', 'a.py', ['def f(a="x"):', '    run("ls " + a)']],
    [
      'a default that is replaced',
      'a.py',
      ['def f(a):', '    b = "x"', '    if a:', '        b = a', '    run(b)'],
    ],
    ['nothing that is in sight', 'a.py', ['run("ls " + a)']],
    ['a field', 'a.js', ['run("ls " + this.a)']],
    ['a field of a type', 'a.cs', ['run("ls " + Name);']],
    ['what a call gives', 'a.py', ['a = g("x")', 'run("ls " + a)']],
    ['what a call gives in a string', 'a.rb', ['run("ls #{g(1)}")']],
    ['what a name gives in a string', 'a.php', ['<?php', 'run("ls {$b->a}");']],
    ['what a method gives', 'a.py', ['a = b.get("x")', 'run("ls " + a)']],
    ['what a type gives', 'a.rb', ['a = User.find(1)', 'run("ls #{a}")']],
    ['one of two', 'a.ts', ['const a = b ? "x" : c;', 'run("ls " + a)']],
    ['one of two in Kotlin', 'a.kt', ['val a = if (b) "x" else c', 'run("ls $a")']],
    [
      'one of a choice',
      'a.kt',
      ['val a = when (b) {', '    "x" -> "1"', '    else -> c', '}', 'run("ls $a")'],
    ],
    [
      'one of a choice in Rust',
      'a.rs',
      ['let a = match b {', '  "x" => "1",', '  o => o,', '};', 'run("ls " + a);'],
    ],
    [
      'one of a choice in Ruby',
      'a.rb',
      ['a = case b', '    when 1 then "x"', '    else c', '    end', 'run("ls #{a}")'],
    ],
    ['one branch on a line', 'a.js', ['let a = "x";', 'if (b) a = c;', 'run("ls " + a)']],
    ['one branch behind it', 'a.rb', ['a = "x"', 'a = c if b', 'run("ls #{a}")']],
    ['what stands below', 'a.js', ['const a = ["x"];', 'if (b) a.push(c);', 'run(a.join(" "))']],
    [
      'added to',
      'a.java',
      ['StringBuilder a = new StringBuilder("x");', 'a.append(b);', 'run(a.toString());'],
    ],
    ['a loop over it', 'a.py', ['for a in b:', '    run("ls " + a)']],
    ['a text of lines', 'a.rb', ['a = <<~END', '  ls #{b}', 'END', 'run(a)']],
    ['a text of lines, indented', 'a.rb', ['a = <<-END.squish', '  ls #{b}', 'END', 'run(a)']],
    ['another than what was made safe', 'a.py', ['a = int(b)', 'run(f"ls {a} {c}")']],
    ['another than what is made safe there', 'a.py', ['run(f"ls {c} {int(b)}")']],
    [
      'another than what was checked',
      'a.py',
      ['def f(a, b):', '    if b not in ALLOWED:', '        return', '    run(a)'],
    ],
    [
      'what was only written down',
      'a.py',
      ['def f(a):', '    if a not in ALLOWED:', '        log.info("x")', '    run(a)'],
    ],
    [
      'what was only written down by a member',
      'a.js',
      ['const a = b.c;', 'if (!ALLOWED.has(a)) {', '  b.log.warn(a);', '}', 'run("ls " + a);'],
    ],
    [
      'what was only answered',
      'a.js',
      ['const a = b.c;', 'if (!ALLOWED.has(a)) {', '  res.send(1);', '}', 'run("ls " + a);'],
    ],
    [
      'what was passed',
      'a.py',
      ['def f(a):', '    if a not in ALLOWED:', '        pass', '    run(a)'],
    ],
    ['a block on a line', 'a.js', ['let a = c;', 'if (!a) { a = "x"; }', 'run("ls " + a)']],
    [
      'an attempt on a line',
      'a.cs',
      ['string a = "x";', 'try { a = b["c"]; } catch (E) { a = "y"; }', 'run("ls " + a);'],
    ],
    [
      'a block that is not indented',
      'a.js',
      ['let a = c;', 'if (!a) {', 'a = "x";', '}', 'run(a)'],
    ],
    [
      'checked in a label with a block',
      'a.ts',
      [
        'switch (b) {',
        "  case 'ALLOWED': {",
        '    const { c } = a;',
        '    g(c);',
        '    break;',
        '  }',
        '  default:',
        '    run(a.d);',
      ],
    ],
    [
      'what is none of those allowed',
      'a.py',
      ['def f(a):', '    if a not in ALLOWED:', '        run(a)'],
    ],
    [
      'a type that is called by name',
      'a.js',
      ['const a = require("x");', 'function f() {', '  run(a.b)', '}'],
    ],
    [
      'what something is looked for in',
      'a.py',
      ['def f(a):', '    if ALLOWED in a:', '        return', '    run(a)'],
    ],
    ['a loop that asks for nothing', 'a.py', ['for a in (g(ALLOWED) or {}):', '    run(a)']],
    ['a variable of the file', 'a.js', ['let a;', '', 'function f() {', '  run("ls " + a)', '}']],
    [
      'a value of another function',
      'a.js',
      ['function g() {', '  const a = "x";', '}', '', 'function f() {', '  run("ls " + a)', '}'],
    ],
    ['what it was given', 'a.rb', ['run("ls #{ARGV[0]}")']],
    ['a format of it', 'a.go', ['run(fmt.Sprintf("ls %s", a))']],
    ['a very long line', 'a.py', [`${'x;'.repeat(1200)}a="x";run("ls "+a)`]],
    ['no code', 'a.xml', ['<a>run("x")</a>']],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(true);
  });
});

test('no text is too odd for it', () => {
  const pieces = [
    'run(',
    ')',
    'a',
    ' = ',
    '"x"',
    '`${',
    '}',
    '\n',
    'if ',
    'case ',
    ': {',
    '<<~A',
    '=> ',
    '#{',
    '$a',
    ';',
    ',',
    '+',
    'for ',
    ' in ',
    'match ',
    '{',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces), { maxLength: 60 }),
      fc.constantFrom('a.py', 'a.ts', 'a.rb', 'a.php', 'a.kt', 'a.rs', 'a.cs', 'a.swift'),
      (parts, path) => {
        expect(scanText([SINK], path, parts.join('')).incomplete).toEqual([]);
      },
    ),
    { numRuns: 400 },
  );
});
