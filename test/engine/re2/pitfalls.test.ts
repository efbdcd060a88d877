/** What re2-wasm's own wrapper gets wrong, through the scanner and the low-level class. */
import { describe, expect, test } from 'vitest';
import { Re2Instance } from '../../../engine/re2/instance.ts';
import type { Re2Handle } from '../../../engine/re2/snapshot.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { rule, runtime, scanText } from '../scan-text.ts';
import { cpuMs } from '../../support/cpu-time.ts';

function compiled(instance: Re2Instance, pattern: string): Re2Handle {
  const result = instance.compile(pattern);
  if (!result.ok) throw new Error(result.message);
  return result.handle;
}

/** Byte ranges of all matches. */
function ranges(pattern: string, content: string): [number, number][] {
  return scanText([rule('r', pattern)], 'a.txt', content).findings.map(({ start, end }) => [
    start.offset,
    end.offset,
  ]);
}

test.each(['\udc00', '\ud83d', '\udc00\udc00', '\ud83d\ud83d'])(
  'evasion: a lone surrogate before the match hides nothing (%j)',
  (surrogate) => {
    expect(ranges('eval\\(', `${surrogate}eval(x)`)).toHaveLength(1);
  },
);

test.each([
  ['(?i)task', 'ta\u017fk'],
  ['(?i)task', 'tas\u212a'],
  ['(?i)kiss', '\u212ai\u017f\u017f'],
  ['(?i:s)ecret_key', '\u017fecret_key'],
])('folding: %s matches %s', (pattern, content) => {
  expect(ranges(pattern, `x ${content} x`)).toHaveLength(1);
});

test('folding: without (?i) they are other characters', () => {
  expect(ranges('task', 'ta\u017fk tas\u212a')).toEqual([]);
});

test.each(['constructor', '__proto__', 'hasOwnProperty', 'toString', 'length', 'prototype'])(
  'a group may be named %s',
  (name) => {
    expect(ranges(`(?P<${name}>eval)\\(`, 'eval(')).toEqual([[0, 5]]);
  },
);

test('many matches: 16,000 take no more than in proportion', () => {
  const time = (count: number): number => {
    const content = 'eval( é '.repeat(count);
    const begun = cpuMs();
    expect(ranges('eval\\(', content)).toHaveLength(count);
    return cpuMs() - begun;
  };
  time(4_000);
  const ratio = Math.min(...[1, 2, 3].map(() => time(16_000) / time(4_000)));
  expect(ratio).toBeLessThan(10);
});

test.each<[string, string, [number, number][]]>([
  [
    'x*',
    'axxb',
    [
      [0, 0],
      [1, 3],
      [3, 3],
      [4, 4],
    ],
  ],
  [
    '',
    'ab',
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
  ],
  ['', '', [[0, 0]]],
  ['$', 'a\nb', [[3, 3]]],
  [
    '(?m)^',
    'a\nb',
    [
      [0, 0],
      [2, 2],
    ],
  ],
  [
    '\\b',
    'é ab',
    [
      [3, 3],
      [5, 5],
    ],
  ],
  [
    'x*',
    'é😀',
    [
      [0, 0],
      [2, 2],
      [6, 6],
    ],
  ],
])('an empty match moves on: %j in %j', (pattern, content, expected) => {
  expect(ranges(pattern, content)).toEqual(expected);
});

describe('Re2Instance', () => {
  const instance = new Re2Instance(runtime);

  test('refusals are RE2 s own words, and leave the instance whole', () => {
    expect(instance.compile('(?=a)')).toEqual({ ok: false, message: 'invalid perl operator: (?=' });
    expect(instance.compile('a{1001}')).toMatchObject({ ok: false });
    expect(instance.isBroken).toBe(false);
  });

  test('5,000 constructions with delete() neither abort nor grow the heap', () => {
    const fresh = new Re2Instance(runtime);
    for (let i = 0; i < 5_000; i++) fresh.delete(compiled(fresh, `a${i}b`));
    expect([fresh.isBroken, fresh.heapBytes]).toEqual([false, 16 << 20]);
  });

  test('a search sees one code point before its start, and nothing behind its window', () => {
    const boundary = compiled(instance, '\\bfoo\\b');
    instance.load(encodeUtf8('éfoo foofoo'));
    expect(instance.find(boundary, 2, 0, 5)).toEqual({ start: 2, end: 5 });
    const begin = compiled(instance, '^foo');
    expect(instance.find(begin, 2, 0, 12)).toBeUndefined();
    expect(instance.find(begin, 2, 2, 12)).toEqual({ start: 2, end: 5 });
  });

  test('offsets are bytes, whatever stands before', () => {
    const handle = compiled(instance, 'eval');
    instance.load(encodeUtf8('é日😀\0eval'));
    expect(instance.find(handle, 0, 0, 14)).toEqual({ start: 10, end: 14 });
  });
});
