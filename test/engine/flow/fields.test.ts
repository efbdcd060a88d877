/** Values that stand outside of the function: fields of its object, constants in blocks, tables that are asked for one. */
import { describe, expect, test } from 'vitest';
import { isFound } from './variable.ts';

const method = (field: string, call = 'this.a', head = 'void f()'): string[] => [
  'class A {',
  `  ${field}`,
  '',
  `  ${head} {`,
  `    run("ls " + ${call});`,
  '  }',
];

describe('nothing is told of a value', () => {
  test.each<[string, string, readonly string[]]>([
    ['of a constant field', 'A.java', [...method('private final String a = "x";'), '}']],
    ['of a constant field by its name', 'A.java', [...method('String a = "x";', 'a'), '}']],
    [
      'of a field of a class',
      'a.ts',
      [...method("private readonly a: string = 'x';", 'this.a', 'f()'), '}'],
    ],
    [
      'of a field of PHP',
      'a.php',
      ['<?php', ...method('private $a = "x";', '$this->a', 'function f()'), '}'],
    ],
    [
      'of a class of Python',
      'a.py',
      ['class A:', '  a = "x"', '  def f(self):', '    run(self.a)'],
    ],
    [
      'of a field that is given a constant',
      'a.py',
      [
        'class A:',
        '  def __init__(self, b):',
        '    self.a = "x"',
        '  def f(self):',
        '    run(self.a)',
      ],
    ],
    [
      'of either of two constants',
      'A.java',
      [...method('private String a = "x";'), '  void g() { this.a = "y"; }', '}'],
    ],
    [
      'of either of two constants of a field by its name',
      'A.java',
      [...method('private String a = "x";', 'a'), '  void g() { a = "y"; }', '}'],
    ],
    [
      'of a field by its name that another type sets',
      'A.java',
      [
        ...method('private String a = "x";', 'a'),
        '}',
        'class B {',
        '  void g(String b) { a = b; }',
        '}',
      ],
    ],
    [
      'of a block of constants',
      'a.go',
      ['const (', '\ta = "x"', '\tb = 1', ')', '', 'func f() {', '\trun("ls " + a)', '}'],
    ],
    [
      'of one with a type',
      'a.go',
      ['const (', '\tb = 1', '\ta string = "x"', ')', '', 'func f() {', '\trun("ls " + a)', '}'],
    ],
    [
      'of a field of one of two types',
      'a.py',
      [
        'class A:',
        '  def __init__(self):',
        '    self.a = "x"',
        '  class B:',
        '    pass',
        '  def f(self):',
        '    run(self.a)',
      ],
    ],
    ['of a name', 'A.cs', ['void F(string a) {', '  run("ls " + nameof(a));', '}']],
    [
      'of a table that is asked for it',
      'A.cs',
      [
        'void F(string a) {',
        '  if (!NAMES.TryGetValue(a, out var b)) return;',
        '  run("ls " + b);',
        '}',
      ],
    ],
    ['of one of two', 'a.py', ['a, b = "x", "y"', 'run("ls " + a + b)']],
    ['of one of two of a table', 'a.py', ['a, b = {"x": ("1", "2")}[c]', 'run(f"ls {a} {b}")']],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(false);
  });
});

describe('it is told where the value may be any', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a field by its name that a function sets',
      'A.java',
      [
        ...method('private String a = "x";', 'a'),
        '  public void setA(String a) { this.a = a; }',
        '}',
      ],
    ],
    [
      'a field by its name that a function sets by its name',
      'A.cs',
      [...method('private string a = "x";', 'a'), '  void G(string b) { a = b; }', '}'],
    ],
    [
      'a field that others set',
      'a.php',
      ['<?php', ...method('public $a = "x";', '$this->a', 'function f()'), '}'],
    ],
    ['a field of a binding', 'a.ts', [...method("@Input() a = 'x';", 'this.a', 'f()'), '}']],
    [
      'a field of a data class',
      'a.py',
      ['class A(B):', '  a: str = "x"', '  def f(self):', '    run(self.a)'],
    ],
    [
      'a field that is set elsewhere',
      'A.java',
      [...method('private String a = "x";'), '  void g(String b) { this.a = b; }', '}'],
    ],
    [
      'a field of any name that is set',
      'a.js',
      [...method('a = "x";', 'this.a', 'f()'), '  constructor(b) { Object.assign(this, b); }', '}'],
    ],
    [
      'a field that is added to',
      'A.java',
      [...method('private String a = "x";'), '  void g(String b) { a += b; this.a += b; }', '}'],
    ],
    [
      'a field of its name alone that is set',
      'A.cs',
      [
        ...method('private string _a = "x";', 'this._a'),
        '  string A',
        '  {',
        '    set { _a = value; }',
        '  }',
        '}',
      ],
    ],
    [
      'a field that is called',
      'A.java',
      [
        ...method('private StringBuilder a = new StringBuilder("x");'),
        '  void g(String b) { this.a.append(b); }',
        '}',
      ],
    ],
    [
      'a field that another type has',
      'a.py',
      [
        'class A(B):',
        '  def f(self):',
        '    run(self.a)',
        'class C:',
        '  def __init__(self):',
        '    self.a = "x"',
      ],
    ],
    [
      'a field with an annotation above',
      'a.ts',
      [...method("@Input()\n  private a = 'x';", 'this.a', 'f()'), '}'],
    ],
    ['a field that others may set', 'a.ts', [...method("a = 'x';", 'this.a', 'f()'), '}']],
    [
      'a field with an attribute',
      'A.cs',
      [...method('[FromQuery]\n  private string a = "x";', 'this.a'), '}'],
    ],
    ['a field of a bean', 'A.java', ['@Data', ...method('private String a = "x";'), '}']],
    ['a field that is not in sight', 'A.java', [...method('private String b = "x";'), '}']],
    ['a field of a field', 'A.java', [...method('private String a = "x";', 'this.b.a'), '}']],
    ['a field of another object', 'A.java', [...method('private String a = "x";', 'b.a'), '}']],
    [
      'one of a block of variables',
      'a.go',
      ['var (', '\ta = get()', ')', '', 'func f() {', '\trun("ls " + a)', '}'],
    ],
    [
      'a table that is asked for it by name',
      'A.cs',
      [
        'void F(T t, string a) {',
        '  if (!t.TryGetValue(a, out var b)) return;',
        '  run("ls " + b);',
        '}',
      ],
    ],
    ['one of two', 'a.py', ['def f(c):', '  a, b = c', '  run("ls " + b)']],
    ['the second of two', 'a.py', ['def f(c):', '  a, b = "x", c', '  run("ls " + b)']],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(true);
  });
});
