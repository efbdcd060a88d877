/** Members of values whose type or schema stands in the same text. */
import { describe, expect, test } from 'vitest';
import { isFound } from './variable.ts';

describe('nothing is told of a member', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'or of an enumeration itself',
      'A.java',
      [
        'class A {',
        '  enum E { X, Y }',
        '  void f(E a) {',
        '    run("x " + a.name());',
        '    run("x " + a);',
        '  }',
        '}',
      ],
    ],
    [
      'of a schema',
      'a.ts',
      [
        'const T = z.object({ n: z.number(), s: z.string() });',
        'function f(b) {',
        '  const a = T.parse(b.c);',
        '  run(`x ${a.n}`);',
        '}',
      ],
    ],
    [
      'taken out of it',
      'a.js',
      [
        "const q = z.object({ n: z.enum(['x']), s: z.string() });",
        'function f(b) {',
        '  const { s, n } = await q.parseAsync(b.c);',
        '  run(`x ${n}`);',
        '}',
      ],
    ],
    [
      'of its result',
      'a.ts',
      [
        'const T = z.object({ n: z.number(), s: z.string() });',
        'function f(b) {',
        '  const a = T.safeParse(b.c);',
        '  run(`x ${a.data.n}`);',
        '}',
      ],
    ],
    [
      'of a model',
      'a.py',
      [
        'class T(BaseModel):',
        '    n: int = 1',
        '    s: str',
        'def f(a: T):',
        '    run(f"x {a.n}")',
      ],
    ],
    [
      'of a model with a few words',
      'a.py',
      [
        'class T(BaseModel):',
        '    n: Literal["x"]',
        '    s: str',
        'def f(a: T = Depends()):',
        '    run(f"x {a.n}")',
      ],
    ],
    [
      'of an enumeration',
      'a.py',
      [
        'class E(str, Enum):',
        '    X = "x"',
        'class T(BaseModel):',
        '    n: E',
        'def f(a: T):',
        '    run(f"x {a.n}")',
      ],
    ],
    [
      'of a record',
      'A.java',
      [
        'record T(int n, String s) {}',
        'class A {',
        '  void f(T a) {',
        '    run("x " + a.n());',
        '  }',
        '}',
      ],
    ],
    [
      'of a bean',
      'A.java',
      [
        'class T {',
        '  private int n;',
        '  int getN() {',
        '    return n;',
        '  }',
        '}',
        'class A {',
        '  void f(T a) {',
        '    run("x " + a.getN());',
        '  }',
        '}',
      ],
    ],
    [
      'of a record of C#',
      'a.cs',
      [
        'record T(int N, string S);',
        'class A {',
        '  void F(T a) {',
        '    run("x " + a.N);',
        '  }',
        '}',
      ],
    ],
    [
      'of a class of C#',
      'a.cs',
      [
        'class T {',
        '  public Guid N { get; set; }',
        '  public string S { get; set; }',
        '}',
        'class A {',
        '  void F(T a) {',
        '    run("x " + a.N);',
        '  }',
        '}',
      ],
    ],
    [
      'of a class of Kotlin',
      'a.kt',
      ['data class T(val n: Int, val s: String)', 'fun f(a: T) {', '  run("x ${a.n}")', '}'],
    ],
    [
      'of a structure of Go',
      'a.go',
      [
        'type T struct {',
        '\tN int `form:"n"`',
        '\tS string',
        '}',
        'func f(c *C) {',
        '\tvar a T',
        '\tc.Bind(&a)',
        '\trun("x " + a.N)',
        '}',
      ],
    ],
    [
      'of a structure of Rust',
      'a.rs',
      ['struct T { n: u32, s: String }', 'fn f(Q(a): Q<T>) {', '    run("x " + a.n);', '}'],
    ],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(false);
  });
});

describe('something is told of a member', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'of a table by an enumeration',
      'a.kt',
      ['enum class E { X }', 'fun f(a: Map<E, String>) {', '  run("x ${a.b}")', '}'],
    ],
    [
      'of any text in a schema',
      'a.ts',
      [
        'const T = z.object({ n: z.number(), s: z.string() });',
        'function f(b) {',
        '  const a = T.parse(b.c);',
        '  run(`x ${a.s}`);',
        '}',
      ],
    ],
    [
      'of one of two types',
      'a.ts',
      [
        'const T = z.object({ n: z.union([z.number(), z.string()]) });',
        'function f(b) {',
        '  const a = T.parse(b.c);',
        '  run(`x ${a.n}`);',
        '}',
      ],
    ],
    [
      'of another schema',
      'a.ts',
      [
        'const T = z.object({ n: z.number() });',
        'function f(b) {',
        '  const a = U.parse(b.c);',
        '  run(`x ${a.n}`);',
        '}',
      ],
    ],
    [
      'of what no schema parsed',
      'a.ts',
      [
        'const T = z.object({ n: z.number() });',
        'function f(a) {',
        '  T.parse(a);',
        '  run(`x ${a.n}`);',
        '}',
      ],
    ],
    [
      'of an interface, which checks nothing',
      'a.ts',
      ['interface T {', '  n: number;', '}', 'function f(a: T) {', '  run(`x ${a.n}`);', '}'],
    ],
    [
      'of any text in a model',
      'a.py',
      ['class T(BaseModel):', '    n: int', '    s: str', 'def f(a: T):', '    run(f"x {a.s}")'],
    ],
    [
      'of a list of texts by number',
      'a.py',
      ['class T(BaseModel):', '    n: dict[int, str]', 'def f(a: T):', '    run(f"x {a.n}")'],
    ],
    [
      'of a type of elsewhere',
      'a.py',
      ['class U(BaseModel):', '    n: int', 'def f(a: T):', '    run(f"x {a.n}")'],
    ],
    [
      'of any text in a record',
      'A.java',
      [
        'record T(int n, String s) {}',
        'class A {',
        '  void f(T a) {',
        '    run("x " + a.s());',
        '  }',
        '}',
      ],
    ],
    [
      'of one of two types of a name',
      'A.java',
      [
        'class B {',
        '  record T(int n) {}',
        '}',
        'class A {',
        '  record T(String n) {}',
        '  void f(T a) {',
        '    run("x " + a.n());',
        '  }',
        '}',
      ],
    ],
    [
      'of any text in a structure of Go',
      'a.go',
      [
        'type T struct {',
        '\tN int',
        '\tS string',
        '}',
        'func f(c *C) {',
        '\tvar a T',
        '\tc.Bind(&a)',
        '\trun("x " + a.S)',
        '}',
      ],
    ],
    [
      'of any text in a structure of Rust',
      'a.rs',
      ['struct T { n: u32, s: String }', 'fn f(Q(a): Q<T>) {', '    run("x " + a.s);', '}'],
    ],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(true);
  });
});
