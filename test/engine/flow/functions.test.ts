/** What stands in a statement before the value, and what functions of the same text give. */
import { describe, expect, test } from 'vitest';
import { rule, scanText } from '../scan-text.ts';
import { isFound, SINK } from './variable.ts';

describe('nothing is told of a value', () => {
  test.each<[string, string, readonly string[]]>([
    ['of a loop on one line', 'a.js', ['const t = ["x"];', 'for (const a of t) run("ls " + a);']],
    ['of such a loop of PHP', 'a.php', ['<?php', 'foreach (ROOTS as $a) run("ls " . $a);']],
    ['of each of a list', 'a.js', ['const t = ["x"];', 't.forEach((a) => {', '  run(a);', '});']],
    ['of each of a list on one line', 'a.js', ['const t = ["x"];', 't.forEach((a) => run(a));']],
    ['of each of a list there', 'a.ts', ["['x', 'y'].forEach((a) => run(a));"]],
    [
      'of each of a list of Ruby',
      'a.rb',
      ['t = ["x"]', 't.each do |a|', '  run("ls #{a}")', 'end'],
    ],
    [
      'of a parameter of such a type, in a function that is an expression',
      'a.kt',
      ['fun f(int a) = run("ls $a")'],
    ],
    ['of such a method', 'a.cs', ['int F(int a) => run("ls " + a);']],
    [
      'with fields that are set',
      'a.cs',
      ['const string a = "x";', 'run("ls " + new List(a) { B = true });'],
    ],
    [
      'that a function gives for anything',
      'a.js',
      ['function f(a) {', '  if (a) return "x";', '  return "y";', '}', 'run("ls " + f(b));'],
    ],
    [
      'that a function makes safe',
      'a.py',
      ['def f(a):', '    return "x" + str(int(a))', 'def g(b):', '    run("ls " + f(b))'],
    ],
    [
      'that a function has checked',
      'a.py',
      [
        'def f(a):',
        '    if a not in ALLOWED:',
        '        raise E',
        '    return a',
        'def g(b):',
        '    c = f(b)',
        '    run(c)',
      ],
    ],
    ['of a function that is an expression', 'a.js', ['const f = (a) => "x";', 'run(f(b));']],
    ['of one with a type', 'a.ts', ['const f = (a: A): string => "x";', 'run(f(b));']],
    [
      'of one in a variable',
      'a.js',
      ['const f = function (a) {', ' return "x";', '};', 'run(f(b));'],
    ],
    ['of a lambda', 'a.py', ['f = lambda a: "x"', 'run(f(b))']],
    ['of a function of Kotlin', 'a.kt', ['fun f(a: A) = "x"', 'fun g(b: B) {', ' run(f(b))', '}']],
    [
      'of a method of its own object',
      'a.ts',
      [
        'class A {',
        '  f(a) {',
        '    return "x";',
        '  }',
        '  g(b) {',
        '    run(this.f(b));',
        '  }',
        '}',
      ],
    ],
    [
      'the first of two',
      'a.go',
      [
        'func f(a string) (string, error) {',
        '\treturn "x", nil',
        '}',
        'func g(b string) {',
        '\trun(f(b))',
        '}',
      ],
    ],
    [
      'of functions that call each other',
      'a.js',
      ['const f = (a) => g(a) + "x";', 'function g(a) {', '  return Number(a);', '}', 'run(f(b));'],
    ],
    [
      'of the last statement',
      'a.rb',
      ['def f(a)', '  return "x" if a', '  "y"', 'end', 'def g(b)', '  run(f(b))', 'end'],
    ],
    [
      'of the last expression',
      'a.rs',
      ['fn f(a: A) -> S {', '    "y"', '}', 'fn g(b: B) {', '    run(f(b));', '}'],
    ],
    ['made of each element', 'a.js', ['const f = (a) => "x";', 'run(b.map(f).join(" "));']],
    ['made of each element there', 'a.js', ['run(b.map((a) => "x" + Number(a)).join(" "));']],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(false);
  });
});

describe('something is told of', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a loop on one line over a parameter',
      'a.js',
      ['function f(b) {', ' for (const a of b) run(a);', '}'],
    ],
    ['each of a parameter', 'a.js', ['function f(b) {', ' b.forEach((a) => run(a));', '}']],
    ['each of what is called for', 'a.js', ['g().forEach((a) => run(a));']],
    [
      'each element with more',
      'a.js',
      ['function f(b) {', " ['x'].forEach((a) => run(a + b));", '}'],
    ],
    ['a parameter of an expression', 'a.kt', ['fun f(a: String) = run("ls $a")']],
    ['a parameter of a method', 'a.cs', ['int F(string a) => run("ls " + a);']],
    [
      'a parameter that a constant has the name of',
      'a.js',
      ['const a = "x";', 'const f = (a) => run(a);'],
    ],
    ['what a function gives back', 'a.js', ['function f(a) {', '  return a;', '}', 'run(f(b));']],
    [
      'what one of its branches gives back',
      'a.js',
      ['function f(a) {', '  if (a) return "x";', '  return a;', '}', 'run(f(b));'],
    ],
    ['a function that gives nothing', 'a.js', ['function f(a) {', '  g(a);', '}', 'run(f(b));']],
    ['a function of elsewhere', 'a.js', ['run(f(b));']],
    [
      'a function of another object',
      'a.ts',
      [
        'class A {',
        '  f(a) {',
        '    return "x";',
        '  }',
        '  g(b) {',
        '    run(b.f(1));',
        '  }',
        '}',
      ],
    ],
    [
      'a function that calls itself',
      'a.js',
      ['function f(a) {', '  return f(a);', '}', 'run(f(b));'],
    ],
    [
      'one of two functions of a name',
      'a.java',
      [
        'class A {',
        '  String f(int a) {',
        '    return "x";',
        '  }',
        '  String f(String a) {',
        '    return a;',
        '  }',
        '  void g(String b) {',
        '    run(f(b));',
        '  }',
        '}',
      ],
    ],
    [
      'what a function only answers about',
      'a.js',
      ['const isX = (a) => true;', 'function f(b) {', '  if (!isX(b)) return;', '  run(b);', '}'],
    ],
    [
      'elements as they are',
      'a.js',
      ['function f(b) {', ' run(b.map((a) => a.c).join(" "));', '}'],
    ],
    [
      'elements of a list that is filtered',
      'a.js',
      ['function f(b) {', ' run(b.filter((a) => "x").join(" "));', '}'],
    ],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(true);
  });
});

test('functions that call each other in a ring are not followed for ever', () => {
  const lines = Array.from(
    { length: 300 },
    (_, i) => `const f${i} = (a) => f${(i + 1) % 300}(a) + f${(i + 7) % 300}(a);`,
  );
  const { findings } = scanText([SINK], 'a.js', [...lines, 'run(f0(b));'].join('\n'));
  expect(findings).toHaveLength(1);
});

test('a function that is an expression ends where its own head begins', () => {
  const requires = [{ within: 'flow' as const, lines: 40, pattern: 'request' }];
  const by = rule('r', 'run\\(\\s*[^)\\s]', { requires });
  const lines = [
    'fun f(a: A) = g(request, a)',
    'fun h(a: A) = run(a)',
    'fun i(request: A) = run(request)',
  ];
  const { findings } = scanText([by], 'a.kt', lines.join('\n'));
  expect(findings.map(({ start }) => start.line)).toEqual([3]);
});
