/** How far matches reach: bounds by table, and windows that hold every match. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexLiterals } from '../../../engine/match/index-literals.ts';
import { planPattern } from '../../../engine/match/plan.ts';
import { couldMatchAt } from '../../../engine/match/trace.ts';
import { windowsAround } from '../../../engine/match/windows.ts';
import { extentOf, utf8Length } from '../../../engine/regex/extent.ts';
import { parsePattern } from '../../../engine/regex/parse.ts';
import { has } from '../../../engine/regex/ranges.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { oracle } from '../../support/oracle.ts';
import { pattern, text, wordyPattern } from '../match/arbitraries.ts';

function extent(source: string): ReturnType<typeof extentOf> {
  const parsed = parsePattern(source);
  if (!parsed.ok) throw new Error(`${source}: ${parsed.error.message}`);
  return extentOf(parsed.node);
}

describe('bounds', () => {
  test.each<[string, number, number, number, boolean]>([
    ['', 0, 0, 0, false],
    ['abc', 3, 3, 3, false],
    ['a{3}', 3, 3, 3, false],
    ['a{2,5}', 2, 5, 5, false],
    ['é', 2, 2, 1, false],
    ['[aé日😀]', 1, 4, 1, false],
    ['a|bcd', 1, 3, 3, false],
    ['foo.*bar', 6, Infinity, 0, false],
    ['foo\\s*bar', 6, Infinity, 6, true],
    ['foo[\\s\\S]*', 3, Infinity, 0, true],
    ['a*', 0, Infinity, 0, false],
    ['(?:){1000}', 0, 0, 0, false],
    ['(?:a*){0}', 0, 0, 0, false],
    ['^$\\b\\B', 0, 0, 0, false],
    ['\\C', 1, 1, 0, true],
    ['\\pL', 1, 4, 1, false],
    ['(?:ab*){3}c', 4, Infinity, 4, false],
  ])('%s', (source, minBytes, maxBytes, outside, lineFeedInRuns) => {
    const { runs, ...rest } = extent(source);
    expect(rest).toEqual({ minBytes, maxBytes, outside });
    expect(has(runs, 10)).toBe(lineFeedInRuns);
  });

  test.each([
    [0, 1],
    [0x7f, 1],
    [0x80, 2],
    [0x7ff, 2],
    [0x800, 3],
    [0xffff, 3],
    [0x10000, 4],
    [0x10ffff, 4],
  ])('U+%d takes %d bytes', (codePoint, bytes) => {
    expect(utf8Length(codePoint)).toBe(bytes);
  });
});

const patterns = fc.oneof(pattern, wordyPattern);
const texts = fc.array(text, { minLength: 3, maxLength: 3 });

test('every match has a length within the bounds', () => {
  fc.assert(
    fc.property(patterns, texts, (source, contents) => {
      const { minBytes, maxBytes } = extent(source);
      for (const { start, end } of oracle(source, contents.map(encodeUtf8))?.flat() ?? []) {
        expect(end - start).toBeGreaterThanOrEqual(minBytes);
        expect(end - start).toBeLessThanOrEqual(maxBytes);
      }
    }),
    { numRuns: 500 },
  );
});

test('every match of a pattern with literals lies inside one window; windows are disjoint and in order', () => {
  let checked = 0;
  let anchored = 0;
  fc.assert(
    fc.property(patterns, texts, (source, contents) => {
      const planned = planPattern(source);
      if (!planned.ok || planned.plan.literals === undefined) return;
      const { plan } = planned;
      const index = indexLiterals([plan], []);
      const encoded = contents.map(encodeUtf8);
      oracle(source, encoded)?.forEach((matches, which) => {
        const bytes = encoded[which] ?? new Uint8Array();
        const occurrences = index.search(bytes).occurrences.get(0) ?? [];
        const likely = pairs(occurrences).filter(([start, end]) =>
          couldMatchAt(bytes, start, end, {
            before: plan.before.trace,
            after: plan.after.trace,
          }),
        );
        // The widest are taken where no work is left.
        for (const work of [undefined, { left: 0 }]) {
          const windows = windowsAround(bytes, likely.flat(), plan, work);
          windows.forEach(({ start, end }, i) => {
            expect(start).toBeLessThanOrEqual(end);
            expect(start).toBeGreaterThan(windows[i - 1]?.end ?? -1);
          });
          for (const match of matches) {
            const inside = windows.filter(
              ({ start, end }) => start <= match.start && match.end <= end,
            );
            expect(inside).toHaveLength(1);
            checked++;
            if (inside[0]?.anchored !== true) continue;
            expect(match.start).toBe(inside[0].start);
            anchored++;
          }
        }
      });
    }),
    { numRuns: 1_000 },
  );
  expect(checked).toBeGreaterThan(200);
  expect(anchored).toBeGreaterThan(50);
}, 120_000);

function pairs(flat: readonly number[]): [start: number, end: number][] {
  return flat.flatMap((start, i) => (i % 2 === 0 ? [[start, flat[i + 1] ?? 0]] : []));
}
