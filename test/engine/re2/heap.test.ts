/** The heap's end: nothing is lost silently, and the next scan works. */
import { describe, expect, test } from 'vitest';
import type { WasmRuntime } from '../../../engine/re2/runtime.ts';
import { DEFAULT_RE2_LIMITS } from '../../../engine/re2/limits.ts';
import { Re2Store } from '../../../engine/re2/store.ts';
import { createScanner } from '../../../engine/scanner.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { smallRuntime } from '../../support/wasm.ts';
import { places, rule, runtime, scanText } from '../scan-text.ts';

/** Counts the instances made. */
function counted(inner: WasmRuntime): { runtime: WasmRuntime; made: () => number } {
  let made = 0;
  return {
    made: () => made,
    runtime: {
      ...inner,
      instantiate(imports) {
        made++;
        return inner.instantiate(imports);
      },
    },
  };
}

const heavy = Array.from({ length: 1000 }, (_, i) => rule(`r${i}`, `word${i}z[(a-z ]{0,40}x`));
const flagging = encodeUtf8(heavy.map((_, i) => `word${i}z( )word${i}z(x)\n`).join(''));

test('1,000 heavy rules in 16 MiB: none is lost, and the next file goes as well', () => {
  const small = counted(smallRuntime());
  const scanner = createScanner({ rules: heavy, wasm: () => small.runtime });
  // It takes room, too.
  const long = new Uint8Array(10 << 20).fill(0x20);
  long.set(flagging);
  const { findings, incomplete } = scanner.scan('a.txt', long);
  expect(incomplete).toEqual([]);
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(heavy.map(({ id }) => id));
  // One instance does not hold them all, so the heap did end.
  expect(small.made()).toBeGreaterThan(1);
  const next = scanner.scan('b.txt', flagging.subarray(0, 100));
  expect(next.findings.length).toBeGreaterThan(1);
  expect(next.incomplete).toEqual([]);
}, 60_000);

describe('a text too large for the heap', () => {
  const rules = [rule('evil', 'evil\\(')];
  const large = new Uint8Array(20 << 20).fill(0x20);
  large.set(encodeUtf8('evil('), 10 << 20);

  test('is reported as incomplete, and the next scan works', () => {
    const small = counted(smallRuntime());
    const scanner = createScanner({ rules, wasm: () => small.runtime });
    const { findings, incomplete } = scanner.scan('large.txt', large);
    expect(findings).toEqual([]);
    expect(incomplete).toHaveLength(1);
    expect(incomplete[0]).toMatchObject({ path: 'large.txt', ruleId: 'evil' });
    expect(incomplete[0]?.reason).toMatch(/^pattern not evaluated: .*(heap|memory)/);
    expect(places(scanner.scan('a.txt', encodeUtf8('evil(')).findings)).toEqual(['evil@1']);
    expect(small.made()).toBeGreaterThan(1);
  });

  test('is no trouble with room to grow', () => {
    const { findings, incomplete } = scanText(rules, 'large.txt', large);
    expect([findings[0]?.start.offset, incomplete]).toEqual([10 << 20, []]);
  });
});

describe('50 MB with a match at the beginning, in the middle and at the end', () => {
  const size = 50_000_000;
  const text = new Uint8Array(size);
  const filler = encodeUtf8(`${'const value = other(1);'.repeat(4)}\n`);
  for (let at = 0; at < size; at += filler.length)
    text.set(filler.subarray(0, Math.min(filler.length, size - at)), at);
  const hit = encodeUtf8('\nevil( a, b )\n');
  const at = [0, 25_000_000, size - hit.length];
  for (const offset of at) text.set(hit, offset);

  test.each<[string, string, number[]]>([
    ['bounded', 'evil\\([^)]{0,20}\\)', at.map((offset) => offset + 1)],
    ['of a line', 'evil\\(.*\\)', at.map((offset) => offset + 1)],
    ['unbounded', '(?s)evil\\(.*evil\\( a', [1]],
    ['without a literal', 'e[v][i-k]l\\(', at.map((offset) => offset + 1)],
  ])('a pattern that is %s', (_, pattern, offsets) => {
    const { findings, incomplete } = scanText([rule('r', pattern)], 'a.txt', text);
    expect(incomplete).toEqual([]);
    expect(findings.map(({ start }) => start.offset)).toEqual(offsets);
  });
});

describe('limits of the store', () => {
  const rules = Array.from({ length: 12 }, (_, i) => rule(`r${i}`, `w${i}e\\(`));
  const text = encodeUtf8(rules.map((_, i) => `w${i}e(`).join('\n'));
  const all = rules.map((_, i) => `r${i}@${i + 1}`);

  test.each([1, 2, 5, 11, 12])('at most %d patterns are kept compiled', (maxCompiled) => {
    const wasm = counted(runtime);
    const scanner = createScanner({
      rules,
      wasm: () => wasm.runtime,
      re2Limits: { ...DEFAULT_RE2_LIMITS, maxCompiled },
    });
    for (let file = 0; file < 3; file++)
      expect(places(scanner.scan('a', text).findings)).toEqual(all);
    expect(wasm.made()).toBe(1);
  });

  test('a heap above maxHeapBytes is replaced, between patterns and between files', () => {
    const wasm = counted(runtime);
    const scanner = createScanner({
      rules,
      wasm: () => wasm.runtime,
      re2Limits: { ...DEFAULT_RE2_LIMITS, maxHeapBytes: 1 << 20 },
    });
    for (let file = 0; file < 2; file++)
      expect(places(scanner.scan('a', text).findings)).toEqual(all);
    expect(wasm.made()).toBeGreaterThan(2);
  });

  test('a large text gives its memory back', () => {
    const wasm = counted(runtime);
    const store = new Re2Store(() => wasm.runtime, {
      ...DEFAULT_RE2_LIMITS,
      keepTextBytes: 1 << 16,
    });
    for (let round = 0; round < 6; round++) {
      store.setText(new Uint8Array(30 << 20).fill(0x61));
      const result = store.search('b', [{ start: 0, end: 30 << 20 }], 1);
      expect(result.kind).toBe('matches');
      store.releaseText();
    }
    store.dispose();
  });

  test('a pattern that RE2 refuses is a failure, not an abort', () => {
    const store = new Re2Store(() => runtime);
    store.setText(encodeUtf8('abc'));
    const windows = [{ start: 0, end: 3 }];
    for (let i = 0; i < 2; i++)
      expect(store.search('a(?=b)', windows, 1)).toEqual({
        kind: 'failed',
        reason: 'invalid perl operator: (?=',
      });
    expect(store.refusal('a(?=b)')).toBe('invalid perl operator: (?=');
    expect(store.refusal('a')).toBeUndefined();
    expect(store.testSlice('a(?=b)', 0, 3)).toBeUndefined();
    expect(store.search('b', windows, 1)).toEqual({
      kind: 'matches',
      matches: [{ start: 1, end: 2 }],
      truncated: false,
    });
  });
});
