/** `is: variable`: what a check says of the value that is used, and of which one. */
import { describe, expect, test } from 'vitest';
import { rule, scanText } from '../scan-text.ts';

const SINK = rule('r', 'run\\(\\s*[^)\\s]', {
  requires: [
    {
      within: 'flow',
      lines: 40,
      is: 'variable',
      pattern: '',
      without: ['\\bNumber\\(|\\bparseInt\\(|\\bALLOWED\\b'],
    },
  ],
});

const isFound = (path: string, lines: readonly string[]): boolean =>
  scanText([SINK], path, lines.join('\n')).findings.length > 0;

describe('it is told', () => {
  test.each<[string, string, readonly string[]]>([
    ['what it falls back to', 'a.py', ['a = b.c', 'd = {"x": "1"}.get(a, a)', 'run("ls " + d)']],
    [
      'another member than was checked',
      'a.java',
      ['if (!ALLOWED.contains(a.getB())) return;', 'run(a.getC());'],
    ],
    [
      'an address that has a host',
      'a.js',
      ['const u = new URL(a);', 'if (u.ALLOWED.hostname) {', '  run(u.href);', '}'],
    ],
    [
      'an address whose port was checked',
      'a.js',
      ['const u = new URL(a);', 'if (!ALLOWED.has(u.port)) return;', 'run(u.href);'],
    ],
    [
      'what begins with a number',
      'a.js',
      ['const a = b.c;', 'if (Number.isNaN(parseInt(a))) return;', 'run("ls " + a);'],
    ],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(true);
  });
});

describe('nothing is told', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'of the member that was checked',
      'a.java',
      ['if (!ALLOWED.contains(a.getB())) return;', 'run(a.getB());'],
    ],
    [
      'of an address whose host was checked',
      'a.js',
      ['const u = new URL(a);', 'if (!ALLOWED.has(u.hostname)) return;', 'run(u.href);'],
    ],
    [
      'of an address that tells its host',
      'A.java',
      ['if (!ALLOWED.contains(uri.getHost())) return;', 'run(uri.toString());'],
    ],
    [
      'of what is a number only',
      'a.js',
      ['const a = b.c;', 'if (Number(a) !== 1) return;', 'run("ls " + a);'],
    ],
    [
      'of a number that is compared with it',
      'a.js',
      ['const a = b.c;', 'if (String(parseInt(a)) !== a) return;', 'run("ls " + a);'],
    ],
  ])('%s', (_, path, lines) => {
    expect(isFound(path, lines)).toBe(false);
  });
});
