import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS, bucketOf, normalise } from '../../../../host/service/health/signature.ts';
import { cpuMs } from '../../../support/cpu-time.ts';

describe('a signature', () => {
  it.each([
    ['paths', 'Error: cannot open /home/ada/.claude/x.js', 'Error: cannot open /tmp/y z/w.js'],
    ['paths on Windows', 'Error: cannot open C:\\Users\\ada\\x.js', 'Error: cannot open D:\\y.js'],
    ['URLs of files', 'Error: in file:///a/b.mjs', 'Error: in file:///c%20d/e.mjs'],
    ['numbers', 'Error: 12 of 40 failed', 'Error: 3 of 7777 failed'],
    ['addresses', 'Error: bad pointer 0x7ffc12ab', 'Error: bad pointer 0x01'],
    ['hashes', 'Error: want 0123abcdef99 now', 'Error: want ffffffff00 now'],
    ['quoted names', "Error: no export named 'a b'", "Error: no export named 'it'"],
    ['double quotes', 'Error: no "x" here', 'Error: no "/y z" here'],
    ['process ids', '[4711] Error in child', '[12] Error in child'],
    [
      'source lines and stacks',
      '/a/b.js:3\n  throw x;\n  ^\n\nTypeError: odd\n    at f (/a/b.js:3:9)\n\nNode.js v20.1.0\n',
      '/long/path/c.js:912\n  throw y;\n  ^\n\nTypeError: odd\n    at g (/c.js:1:1)\n\nNode.js v22.9.1\n',
    ],
    ['line ends', 'Error: odd\n', 'Error: odd\r\n\r\n'],
  ])('is the same whatever %s', (_name, a, b) => {
    expect(normalise(a)).toBe(normalise(b));
    expect(bucketOf(a)).toBe(bucketOf(b));
  });

  it.each([
    ['Error: odd', 'Error: even'],
    ['TypeError: odd', 'RangeError: odd'],
    ["don't do that", "don't do this"],
  ])('tells %j from %j', (a, b) => {
    expect(bucketOf(a)).not.toBe(bucketOf(b));
  });

  it('takes known paths out first, blanks and all', () => {
    const say = (dir: string): string => `Error: no module ${dir}/main.js of ${dir} here`;
    expect(bucketOf(say('/a b c d e f/g'), ['/a b c d e f/g'])).toBe(
      bucketOf(say('/x'), ['/x', '/']),
    );
  });

  it('is stable for any path, number and name', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9_.@+-]{1,12}$/);
    const path = fc
      .array(segment, { minLength: 1, maxLength: 6 })
      .map((all) => `/${all.join('/')}`);
    const filled = fc.tuple(path, fc.nat(), fc.stringMatching(/^[\w /.-]{0,20}$/), fc.nat());
    const text = ([dir, count, name, address]: readonly [string, number, string, number]): string =>
      `Error: ${count} tries to map ${dir} as '${name}' at 0x${address.toString(16)} failed`;
    fc.assert(fc.property(filled, filled, (a, b) => normalise(text(a)) === normalise(text(b))));
  });

  it('is a number from 0 to 999 for anything, soon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        const bucket = bucketOf(text);
        return Number.isInteger(bucket) && bucket >= 0 && bucket < BUCKETS;
      }),
    );
    const begun = cpuMs();
    for (const part of ['/', 'a/', "'", '0x', 'a ', '/ ', '\\\\', '"`']) bucketOf(part.repeat(1e6));
    expect(cpuMs() - begun).toBeLessThan(1000);
  });
});
