/** RE2's patterns in the automaton: the same matches as RE2's own class finds, or no answer. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LinearPatterns } from '../../../engine/automaton/linear.ts';
import type { ByteRange } from '../../../engine/re2/instance.ts';
import { Re2Store } from '../../../engine/re2/store.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { buildRules } from '../../../scripts/build-rules.ts';
import { oracle } from '../../support/oracle.ts';
import { testRuntime } from '../../support/wasm.ts';
import { pattern, text, wordyPattern } from '../match/arbitraries.ts';

const IN_TIME = (): boolean => false;

function whole(bytes: Uint8Array): ByteRange[] {
  return [{ start: 0, end: bytes.length }];
}

function findAll(source: string, bytes: Uint8Array): ByteRange[] | undefined {
  const found = new LinearPatterns().findAll(source, bytes, whole(bytes), Infinity, IN_TIME);
  if (found === 'overdue') throw new Error('not asked for');
  return found;
}

test('generated patterns and texts', () => {
  let answered = 0;
  let matched = 0;
  fc.assert(
    fc.property(
      fc.oneof(pattern, wordyPattern),
      fc.array(text, { minLength: 4, maxLength: 4 }),
      (source, contents) => {
        const encoded = contents.map(encodeUtf8);
        const expected = oracle(source, encoded);
        fc.pre(expected !== undefined);
        for (const [index, bytes] of encoded.entries()) {
          const found = findAll(source, bytes);
          if (found === undefined) continue;
          answered++;
          matched += found.length;
          expect(found).toEqual(expected[index]);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(answered).toBeGreaterThan(2_000);
  expect(matched).toBeGreaterThan(1_000);
});

test("the first pattern of every built-in rule, over the rule's own examples", () => {
  const { rules } = buildRules(fileURLToPath(new URL('../../../rules/', import.meta.url)));
  let matched = 0;
  for (const { id, patterns, examples } of rules) {
    const [source = ''] = patterns;
    const codes = [...examples.match, ...examples.noMatch].map(({ code }) => code);
    const bytes = encodeUtf8(codes.join('\n') + codes.join(' ').replaceAll('\n', ' '));
    const found = findAll(source, bytes);
    expect(found, id).toEqual(oracle(source, [bytes])?.[0]);
    matched += found?.length ?? 0;
  }
  expect(matched).toBeGreaterThan(rules.length);
});

describe('windows', () => {
  const boundaries = (bytes: Uint8Array): number[] =>
    Array.from({ length: bytes.length + 1 }, (_, at) => at).filter(
      (at) => ((bytes[at] ?? 0) & 0xc0) !== 0x80,
    );

  test('generated ones, as RE2 is shown them', () => {
    const runtime = testRuntime();
    const store = new Re2Store(() => runtime);
    let matched = 0;
    fc.assert(
      fc.property(
        fc.oneof(pattern, wordyPattern),
        text,
        fc.nat(),
        fc.nat(),
        (source, content, one, other) => {
          const bytes = encodeUtf8(content);
          const edges = boundaries(bytes);
          const [start = 0, end = 0] = [one, other]
            .map((n) => edges[n % edges.length] ?? 0)
            .sort((a, b) => a - b);
          const windows = [{ start, end }];
          const found = new LinearPatterns().findAll(source, bytes, windows, 99, IN_TIME);
          if (found === undefined) return;
          store.setText(bytes);
          const expected = store.search(source, windows, 99);
          if (expected.kind !== 'matches') return;
          expect(found).toEqual(expected.matches);
          matched += found.length;
        },
      ),
      { numRuns: 3_000 },
    );
    expect(matched).toBeGreaterThan(1_000);
  });

  const bytes = encodeUtf8('xfoo\u00e9 foo bar foo\nfoo');

  test('matches begin in them, and one code point around is seen', () => {
    const find = (start: number, end: number): unknown =>
      new LinearPatterns().findAll('\\bfoo\\b', bytes, [{ start, end }], 9, IN_TIME);
    expect(find(0, bytes.length)).toEqual([
      { start: 7, end: 10 },
      { start: 15, end: 18 },
      { start: 19, end: 22 },
    ]);
    expect(find(1, 7)).toEqual([]);
    expect(find(8, 15)).toEqual([]);
    expect(find(15, 18)).toEqual([{ start: 15, end: 18 }]);
  });

  test('as many matches as are asked for, over all of them', () => {
    const windows = [
      { start: 0, end: 11 },
      { start: 14, end: bytes.length },
    ];
    expect(new LinearPatterns().findAll('foo', bytes, windows, 3, IN_TIME)).toEqual([
      { start: 1, end: 4 },
      { start: 7, end: 10 },
      { start: 15, end: 18 },
    ]);
  });

  test('a window that would take too much memory is not for it', () => {
    expect(findAll('foo', new Uint8Array(8 * 1024 * 1024 + 1))).toBeUndefined();
  });
});

test('stops when the time is over', () => {
  const bytes = encodeUtf8('foo'.repeat(10_000));
  let asked = 0;
  const found = new LinearPatterns().findAll('foo', bytes, whole(bytes), 9, () => ++asked > 3);
  expect(found).toBe('overdue');
  expect(asked).toBe(4);
});

test.each([
  ['it can match nothing', 'a*'],
  ['a loop may match nothing in a round', 'b(?:|a)+'],
  ['a class is not known exactly', 'a\\p{Greek}'],
  ['it counts bytes', 'a\\C'],
])('leaves a pattern to RE2 where %s', (_, source) => {
  expect(findAll(source, encodeUtf8('ab aab'))).toBeUndefined();
});
