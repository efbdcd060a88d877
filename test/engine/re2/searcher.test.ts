/** RE2 by its backtracker and by its automata: two ways to the same matches. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Re2Instance } from '../../../engine/re2/instance.ts';
import type { WasmRuntime } from '../../../engine/re2/runtime.ts';
import { groupNames } from '../../../engine/regex/groups.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { testRuntime } from '../../support/wasm.ts';
import { pattern, text, wordyPattern } from '../match/arbitraries.ts';

type Name = 'RE2::Match' | 'Prog::SearchBitState';

/** Counts calls of the two functions. */
function counted(inner: WasmRuntime): { runtime: WasmRuntime; calls: Record<Name, number> } {
  const calls: Record<Name, number> = { 'RE2::Match': 0, 'Prog::SearchBitState': 0 };
  const instantiate: WasmRuntime['instantiate'] = (imports) => {
    const exports = inner.instantiate(imports);
    const counting = (name: Name) => ({
      [name]: (...args: number[]) => {
        calls[name]++;
        return exports[name](...args);
      },
    });
    return { ...exports, ...counting('RE2::Match'), ...counting('Prog::SearchBitState') };
  };
  return { runtime: { ...inner, instantiate }, calls };
}

const runtime = testRuntime();

/** What `find` tells from every place of the text to the end, and in a part of it. */
function allFound(instance: Re2Instance, source: string, bytes: Uint8Array): unknown {
  const compiled = instance.compile(source);
  if (!compiled.ok) return compiled.message;
  instance.load(bytes);
  const places = [...bytes.keys(), bytes.length].filter((at) => ((bytes[at] ?? 0) & 0xc0) !== 0x80);
  const groups = groupNames(source).length;
  const middle = places[places.length >> 1] ?? 0;
  const { handle } = compiled;
  const found = places.flatMap((from) => {
    const first = instance.find(handle, from, 0, bytes.length, groups);
    expect(instance.test(handle, from, 0, bytes.length)).toBe(first !== undefined);
    const here = instance.find(handle, from, 0, bytes.length, groups, true);
    // An empty match within a code point counts as one behind it, so which one begins here is not always the first.
    if (first?.start === from && first.end > from) expect(here).toEqual(first);
    if (first === undefined) expect(here).toBeUndefined();
    const alone = instance.find(handle, from, from, bytes.length);
    return from > middle
      ? [first, here, alone]
      : [first, here, alone, instance.find(handle, from, 0, middle)];
  });
  instance.delete(handle);
  return found;
}

test('both find the same, with the same groups, from wherever they start', () => {
  const quick = counted(runtime);
  const slow = counted(runtime);
  const backtracking = new Re2Instance(quick.runtime, { backtrackedBytes: 1 << 30 });
  const automata = new Re2Instance(slow.runtime, { backtrackedBytes: 0 });
  slow.calls['Prog::SearchBitState'] = 0;
  const matched = { some: 0, none: 0 };
  fc.assert(
    fc.property(fc.oneof(pattern, wordyPattern), text, (source, content) => {
      const bytes = encodeUtf8(content);
      const found = allFound(backtracking, source, bytes);
      expect(found).toEqual(allFound(automata, source, bytes));
      if (Array.isArray(found)) matched[found.some((match) => match) ? 'some' : 'none']++;
    }),
    { numRuns: 300 },
  );
  expect(Math.min(matched.some, matched.none)).toBeGreaterThan(25);
  expect(quick.calls['Prog::SearchBitState']).toBeGreaterThan(quick.calls['RE2::Match']);
  expect(slow.calls['Prog::SearchBitState']).toBe(0);
}, 60_000);

test.each([
  ['begins with \\A', '\\Ab+'],
  ['begins with a literal behind ^', '^abc'],
  ['ends with \\z', 'b+\\z'],
  ['is too large for it', '[ab]{600}'],
])('a pattern that %s is left to the automata', (_, source) => {
  const { runtime: counting, calls } = counted(runtime);
  const instance = new Re2Instance(counting);
  calls['Prog::SearchBitState'] = 0;
  const compiled = instance.compile(source);
  if (!compiled.ok) throw new Error(compiled.message);
  instance.load(encodeUtf8('abcb'));
  instance.find(compiled.handle, 0, 0, 4);
  expect(calls['Prog::SearchBitState']).toBe(0);
});

test('automata take over where a pattern has much to read, and another one in its place begins anew', () => {
  const { runtime: counting, calls } = counted(runtime);
  const instance = new Re2Instance(counting, { backtrackedBytes: 10 });
  const search = (source: string): { backtracked: number; matched: number } => {
    const compiled = instance.compile(source);
    if (!compiled.ok) throw new Error(compiled.message);
    instance.load(encodeUtf8('xabx'));
    calls['Prog::SearchBitState'] = 0;
    calls['RE2::Match'] = 0;
    for (let i = 0; i < 5; i++)
      expect(instance.find(compiled.handle, 0, 0, 4)).toEqual({ start: 1, end: 3 });
    instance.delete(compiled.handle);
    return { backtracked: calls['Prog::SearchBitState'], matched: calls['RE2::Match'] };
  };
  for (const source of ['ab', 'a[b]', 'ab'])
    expect(search(source)).toEqual({ backtracked: 2, matched: 3 });
});

test('a pattern with more groups than there is room for at first', () => {
  const instance = new Re2Instance(runtime);
  const compiled = instance.compile('(a)'.repeat(100));
  if (!compiled.ok) throw new Error(compiled.message);
  instance.load(encodeUtf8(`-${'a'.repeat(100)}`));
  const match = instance.find(compiled.handle, 0, 0, 101, 100);
  expect(match?.groups?.map((group) => group?.start)).toEqual(
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
});
