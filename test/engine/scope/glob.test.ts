import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileGlob, compileGlobAutomaton } from '../../../engine/scope/glob.ts';
import { GlobSet, partsOf } from '../../../engine/scope/glob-set.ts';
import { cpuMs } from '../../support/cpu-time.ts';

function matches(style: 'path' | 'fnmatch', glob: string, path: string): boolean {
  return compileGlob(glob, { style })(path);
}

describe('path style', () => {
  test.each([
    ['*.py', 'a.py', true],
    ['*.py', 'src/deep/a.py', true],
    ['*.py', 'a.pyc', false],
    ['.env*', 'config/.env.local', true],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/sub/a.ts', false],
    ['src/*.ts', 'app/src/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/x/y/a.ts', true],
    ['src/**', 'src/x/y', true],
    ['src/**', 'src', false],
    ['**/test/**', 'test/a', true],
    ['**/test/**', 'x/.hidden/test/a', true],
    ['**/test/**', 'latest/a', false],
    ['/*.md', 'README.md', true],
    ['/*.md', 'docs/README.md', false],
    ['/src/a.ts', 'src/a.ts', true],
    ['build/', 'build/out.js', true],
    ['build/', 'x/build/out.js', true],
    ['/build/', 'x/build/out.js', false],
    ['a/build/', 'a/build/b/c.js', true],
    ['*.{js,ts}', 'x/a.ts', true],
    ['*.{js,ts}', 'x/a.tsx', false],
    ['{src,lib/**}/*.go', 'lib/a/b/c.go', true],
    ['{src,lib/**}/*.go', 'src/c.go', true],
    ['{a,{b,c}d}', 'cd', true],
    ['a{b', 'a{b', true],
    ['a,b', 'a,b', true],
    ['file?.txt', 'file1.txt', true],
    ['file?.txt', 'file12.txt', false],
    ['a?b/c', 'a/b/c', false],
    ['[abc].txt', 'b.txt', true],
    ['[!abc].txt', 'd.txt', true],
    ['[^abc].txt', 'a.txt', false],
    ['[a-c]x/y', 'bx/y', true],
    ['[', '[', true],
    ['\\*.txt', '*.txt', true],
    ['\\*.txt', 'a.txt', false],
    ['(auth)/*.ts', '(auth)/a.ts', true],
    ['src/*.ts', 'src\\a.ts', true],
    ['*.PY', 'a.py', false],
    ['a**b/c', 'axxb/c', true],
    ['a**b/c', 'ax/xb/c', false],
    ['./src/a.ts', 'src/a.ts', true],
    ['日*', 'x/日本.txt', true],
    ['?.txt', '😀.txt', true],
  ])('%s on %s: %s', (glob, path, expected) => {
    expect(matches('path', glob, path)).toBe(expected);
  });
});

describe('fnmatch style', () => {
  test.each([
    ['**/*.ts', 'home/u/p/src/a.ts', true],
    ['**/*.ts', 'a.ts', false],
    ['*.md', 'home/u/README.md', true],
    ['*tests/*', 'home/u/tests/unit/a', true],
    ['**/src/**/*.ts', 'p/src/a.ts', true],
    ['**/src/**/*.ts', 'p/src/x/y/a.ts', true],
    ['**/src/**/*.ts', 'p/srcx/a.ts', false],
    ['a/?/b', 'a///b', true],
    ['*.{js,ts}', 'a.ts', false],
    ['x.{js,ts}', 'x.{js,ts}', true],
    ['[!a]b', 'cb', true],
    ['[!a]b', 'ab', false],
    ['[]]x', ']x', true],
    ['[a', '[a', true],
    ['[z-a]', 'm', false],
    ['[a-]x', '-x', true],
    ['A*', 'abc', false],
    ['src\\*.ts', 'src/a.ts', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
  ])('%s on %s: %s', (glob, path, expected) => {
    expect(matches('fnmatch', glob, path)).toBe(expected);
  });

  test('agrees with a plain definition of "*" and "?"', () => {
    const glob = array(constantFrom('a', 'b', '*', '?', '/'), { maxLength: 8 });
    const path = array(constantFrom('a', 'b', '/'), { maxLength: 8 });
    assert(
      property(glob, path, (globParts, pathParts) => {
        const pattern = globParts.join('').replaceAll('/**/', '/');
        const text = pathParts.join('');
        expect(matches('fnmatch', pattern, text)).toBe(plain(pattern, text));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('globs matched by string search', () => {
  const plain = ['a', 'b', '/', '*', '**', '/**/', '**/', '/**', '.'];
  const braces = ['{a,b}', '{b.,*a}', '{a', '}', '{a/b,}', '{a,{b,.}}'];
  const piece = constantFrom(...plain, ...braces);
  test.each(['path', 'fnmatch'] as const)('%s style decides as the automaton', (style) => {
    const path = array(constantFrom('a', 'b', '/', '.', 'a/', 'ab'), { maxLength: 8 });
    assert(
      property(array(piece, { maxLength: 5 }), path, (globParts, pathParts) => {
        const glob = globParts.join('');
        const text = pathParts
          .join('')
          .replace(/\/+/g, '/')
          .replace(/^\/|\/$/g, '');
        const general = compileGlobAutomaton(glob, { style })(text);
        expect(matches(style, glob, text), `${glob} on ${text}`).toBe(general);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('many globs at once', () => {
  const pieces = ['a', 'b', '/', '*', '**/', '/**', '.', '{a,b}', '*.', '{b.,*a}', '[ab]'];
  const glob = array(constantFrom(...pieces), { maxLength: 5 }).map((parts) => parts.join(''));
  const path = array(constantFrom('a', 'b', '/', '.', 'a/', 'a.b'), { maxLength: 8 }).map((parts) =>
    parts
      .join('')
      .replace(/\/+/g, '/')
      .replace(/^\/|\/$/g, ''),
  );

  test('decide as each of them', () => {
    let matched = 0;
    assert(
      property(array(glob, { minLength: 1, maxLength: 4 }), path, (globs, text) => {
        const expected = globs.some((each) => compileGlobAutomaton(each, { style: 'path' })(text));
        expect(new GlobSet(globs).has(partsOf(text)), `${globs.join(' ')} on ${text}`).toBe(
          expected,
        );
        if (expected) matched++;
      }),
      { numRuns: 10_000 },
    );
    expect(matched).toBeGreaterThan(1_000);
  });

  test.each([
    ['**/*.{min.js,map}', 'x/a.min.js', true],
    ['**/*.{min.js,map}', 'x/a.js', false],
    ['**/{test,tests}/**', 'x/tests/a', true],
    ['**/{test,tests}/**', 'tests', false],
    ['Dockerfile', 'x/Dockerfile', true],
    ['/Dockerfile', 'x/Dockerfile', false],
    ['*.js', '.\\x\\a.js', true],
  ])('%s on %s: %s', (glob, path, expected) => {
    expect(new GlobSet([glob]).has(partsOf(path))).toBe(expected);
  });
});

function plain(glob: string, text: string): boolean {
  if (glob === '') return text === '';
  const rest = glob.slice(1);
  if (glob.startsWith('*')) return plain(rest, text) || (text !== '' && plain(glob, text.slice(1)));
  return text !== '' && (glob.startsWith('?') || glob[0] === text[0]) && plain(rest, text.slice(1));
}

describe('hostile globs', () => {
  test.each(['path', 'fnmatch'] as const)('%s style stays linear', (style) => {
    const started = cpuMs();
    for (const glob of [
      '*a'.repeat(2000),
      '{a,'.repeat(1300),
      `${'**/'.repeat(1300)}x`,
      '{a,b}'.repeat(800),
    ]) {
      expect(matches(style, glob, `${'a'.repeat(400)}!`)).toBe(false);
    }
    expect(cpuMs() - started).toBeLessThan(5000);
  });

  test('an overlong glob matches nothing', () => {
    expect(matches('path', '*'.repeat(5000), 'a')).toBe(false);
  });
});
