/** The index that the build writes against the index that is built at a start. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexLiterals } from '../../../engine/match/index-literals.ts';
import type { LiteralIndex, Sighting } from '../../../engine/match/literal-index.ts';
import { planPattern, type PatternPlan } from '../../../engine/match/plan.ts';
import { packIndex } from '../../../engine/pack/pack-index.ts';
import { openIndex } from '../../../engine/pack/packed-index.ts';
import { Sections, writeSections } from '../../../engine/pack/sections.ts';
import { createKernel } from '../../../host/kernel.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { pattern, text, wordyPattern } from '../match/arbitraries.ts';

const MARK = { bytes: 'sg-ignore', foldCase: true };

function planOf(source: string): PatternPlan {
  const planned = planPattern(source);
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.plan;
}

/** Written in one kernel and read in another. */
function packedIndexOf(plans: readonly PatternPlan[]): LiteralIndex {
  const writer = createKernel();
  const file = packIndex(plans, [MARK], writer, false);
  const reader = createKernel();
  reader.restore(writer.image());
  return openIndex(file, reader);
}

function seen(sighting: Sighting, plans: readonly PatternPlan[]) {
  const { occurrences, flagged, marks } = sighting;
  return {
    occurrences: plans.map((_, plan) => occurrences.get(plan)),
    flagged: [...flagged].sort((a, b) => a - b),
    marks,
  };
}

const words = [
  'ab',
  'b+',
  '\u00ad',
  'а',
  'abc',
  'skab',
  'babcabc',
  'k',
  'K',
  'ſ',
  '\u212a',
  MARK.bytes,
];
const literals = fc
  .array(fc.constantFrom(...words.slice(0, 7)), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map((part) => part.replace('+', String.raw`\+`)).join('|'))
  .chain((all) => fc.constantFrom(all, `(?i)${all}`));
const meeting = fc
  .array(fc.constantFrom(...words, ' ', 'x', '\0'), { maxLength: 40 })
  .map((parts) => parts.join(''));

test.each([
  ['literals of any length', literals, meeting],
  ['patterns', fc.oneof(pattern, wordyPattern), text],
])('reports what the index does: %s', (_name, source, content) => {
  let told = 0;
  fc.assert(
    fc.property(
      fc.array(source, { minLength: 1, maxLength: 6 }),
      content,
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      (sources, code, chosen) => {
        const plans = sources.map(planOf);
        const bytes = encodeUtf8(code);
        const wanted = Uint8Array.from(plans, (_, plan) => (chosen[plan] === true ? 1 : 0));
        const found = packedIndexOf(plans).search(bytes, wanted);
        told += found.flagged.length;
        const plain = indexLiterals(plans, [MARK]).search(bytes, wanted);
        expect(seen(found, plans)).toEqual(seen(plain, plans));
        expect(found.ascii).toBe(bytes.every((byte) => byte < 0x80));
      },
    ),
    { numRuns: 400 },
  );
  expect(told).toBeGreaterThan(40);
});

test('an image needs a kernel of its own', () => {
  const kernel = createKernel();
  packIndex([planOf('alpha')], [], kernel, false);
  expect(() => kernel.restore(kernel.image())).toThrow('a kernel of its own');
});

describe('sections', () => {
  test('come back as they were', () => {
    const file = writeSections([
      Uint8Array.of(1, 2, 3),
      new Uint8Array(),
      Uint16Array.of(7, 65535),
    ]);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    for (const bytes of [file, shifted.subarray(1)]) {
      const sections = new Sections(bytes);
      expect([...sections.bytes(0)]).toEqual([1, 2, 3]);
      expect([...sections.words(1)]).toEqual([]);
      expect([...sections.shorts(2)]).toEqual([7, 65535]);
    }
  });

  test.each([
    ['empty', () => new Uint8Array()],
    ['text', () => encodeUtf8('[{ "id": "a" }]\n')],
    ['cut short', (file: Uint8Array) => file.subarray(0, -4)],
    ['cut in its head', (file: Uint8Array) => file.subarray(0, 9)],
    ['too long', (file: Uint8Array) => Uint8Array.of(...file, 0, 0, 0, 0)],
  ])('refuse a file that is %s', (_name, damage) => {
    const file = writeSections([Uint8Array.of(1, 2, 3), Uint32Array.of(7)]);
    expect(() => new Sections(damage(file))).toThrow('this build did not write');
  });
});
