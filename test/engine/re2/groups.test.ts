/** Places of groups, which the class under the engine does not tell. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Re2Instance } from '../../../engine/re2/instance.ts';
import { groupNames } from '../../../engine/regex/groups.ts';
import { decodeUtf8, encodeUtf8 } from '../../../engine/text/utf8.ts';
import { groupsOracle } from '../../support/oracle.ts';
import { testRuntime } from '../../support/wasm.ts';
import { pattern, text } from '../match/arbitraries.ts';

test('their texts are those that RE2 hands over, whatever the pattern', () => {
  const instance = new Re2Instance(testRuntime());
  const counts = { taken: 0, left: 0 };
  const source = fc
    .tuple(pattern, pattern, pattern, fc.integer({ min: 0, max: 6 }))
    .map(([a, b, c, n]) => `(?P<one>${a})(?:(${b})|(?P<two>${c}))?${'(x)?'.repeat(n)}`);
  fc.assert(
    fc.property(source, text, (wanted, content) => {
      const bytes = encodeUtf8(content);
      const expected = groupsOracle(wanted, bytes);
      if (expected === undefined) return;
      const compiled = instance.compile(wanted);
      if (!compiled.ok) throw new Error(compiled.message);
      instance.load(bytes);
      const count = groupNames(wanted).length;
      const match = instance.find(compiled.handle, 0, 0, bytes.length, count);
      const plain = instance.find(compiled.handle, 0, 0, bytes.length);
      expect({ start: match?.start, end: match?.end }).toEqual(plain);
      const texts = match?.groups?.map(
        (range) => range && decodeUtf8(bytes.subarray(range.start, range.end)),
      );
      expect(texts).toEqual(expected);
      for (const group of expected) counts[group === undefined ? 'left' : 'taken']++;
      instance.delete(compiled.handle);
    }),
    { numRuns: 1_500 },
  );
  expect(Math.min(counts.taken, counts.left)).toBeGreaterThan(100);
}, 120_000);

test.each<[string, (string | undefined)[]]>([
  ['a', []],
  ['(a)(?P<b>c)', [undefined, 'b']],
  ['(?P<a>(b)|(?:c(?P<d>e)))', ['a', undefined, 'd']],
  ['(?:(a){3})+(b)', [undefined, undefined]],
  ['[(](\\()', [undefined]],
])('names of %s', (source, names) => {
  expect(groupNames(source)).toEqual(names);
});
