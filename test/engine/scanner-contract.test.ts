/** The scanner's contract: what it reports is what each rule's RE2 finds on the whole text, less the blanks before it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Condition } from '../../engine/rule.ts';
import type { ByteRange } from '../../engine/re2/instance.ts';
import { createScanner } from '../../engine/scanner.ts';
import { encodeUtf8 } from '../../engine/text/utf8.ts';
import { oracle } from '../support/oracle.ts';
import { pattern, text, wordyPattern } from './match/arbitraries.ts';
import { rule, runtime, scanText } from './scan-text.ts';

/** Matches of a rule's patterns in each text; of those that overlap the first stands, of equals the longer. */
function expected(patterns: readonly string[], texts: readonly Uint8Array[]): ByteRange[][] {
  const byPattern = patterns.map((source) => oracle(source, texts));
  return texts.map((_, index) => withoutOverlaps(byPattern.flatMap((all) => all?.[index] ?? [])));
}

function withoutOverlaps(matches: readonly ByteRange[]): ByteRange[] {
  const kept: ByteRange[] = [];
  for (const match of matches.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last !== undefined && (match.start < last.end || match.start === last.start)) continue;
    kept.push(match);
  }
  return kept;
}

/** A finding begins behind the ASCII white space of its match. */
function withoutIndent(bytes: Uint8Array, { start, end }: ByteRange): ByteRange {
  const text = Buffer.from(bytes.subarray(start, end)).toString('latin1');
  const blanks = /^[\t-\r ]*/u.exec(text)?.[0].length ?? 0;
  return { start: blanks < text.length ? start + blanks : start, end };
}

const accepted = fc
  .oneof(pattern, wordyPattern)
  .filter((source) => oracle(source, []) !== undefined);
const ruleSet = fc.array(fc.array(accepted, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 4,
});

test('1,250 scans: 250 generated rule sets, each over 5 generated texts', () => {
  let found = 0;
  fc.assert(
    fc.property(ruleSet, fc.array(text, { minLength: 5, maxLength: 5 }), (sources, contents) => {
      const rules = sources.map((patterns, index) => rule(`r${index}`, patterns));
      const scanner = createScanner({ rules, wasm: () => runtime });
      expect(scanner.problems).toEqual([]);
      const texts = contents.map(encodeUtf8);
      const byRule = sources.map((patterns) => expected(patterns, texts));
      for (const [which, bytes] of texts.entries()) {
        const { findings, incomplete } = scanner.scan('file.unknown', bytes);
        const wanted = byRule.flatMap((perText, index) =>
          (perText[which] ?? []).map((match) => {
            const { start, end } = withoutIndent(bytes, match);
            return [`r${index}`, start, end];
          }),
        );
        wanted.sort(
          (a, b) => Number(a[1]) - Number(b[1]) || (String(a[0]) < String(b[0]) ? -1 : 1),
        );
        expect(incomplete).toEqual([]);
        expect(
          findings.map(({ ruleId, start, end }) => [ruleId, start.offset, end.offset]),
        ).toEqual(wanted);
        if (wanted.length > 0) expect(scanner.couldMatch('file.unknown', bytes)).toBe(true);
        found += wanted.length;
      }
      scanner.dispose();
    }),
    { numRuns: 250 },
  );
  expect(found).toBeGreaterThan(500);
}, 240_000);

/** What a condition looks at, told without the engine: for a text without comments and a match without a line feed. */
function around(text: string, match: ByteRange, { within, lines = 0 }: Condition): string {
  if (within === 'file') return text;
  const before = text.slice(0, match.start).split('\n');
  const after = text.slice(match.start).split('\n');
  // There are no functions in these texts.
  const above = within === 'line' ? 0 : lines;
  const below = within === 'near' ? lines : 0;
  return `${before.slice(-1 - above).join('\n')}${after.slice(0, 1 + below).join('\n')}`;
}

test('conditions hold exactly where RE2 finds their pattern', () => {
  const condition = fc.record({
    within: fc.constantFrom('line', 'near', 'before', 'file'),
    lines: fc.integer({ min: 1, max: 3 }),
    pattern: fc.constantFrom('a+b', '^x', 'b$', '(?m)^ab', '[xy]{2}', '\\bxa\\b', 'y\\s+x'),
  });
  const conditions = fc.array(condition, { maxLength: 2 });
  const pieces = fc.constantFrom('HIT(', 'HIT(', 'a', 'ab', 'x', 'y', ' ', '\n', '\n');
  const content = fc.array(pieces, { maxLength: 40 }).map((all) => all.join(''));
  const counts = { kept: 0, dropped: 0 };
  const contents = fc.array(content, { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(conditions, conditions, contents, (requires, unless, texts) => {
      const scanner = createScanner({
        rules: [rule('r', 'HIT\\(', { requires, unless })],
        wasm: () => runtime,
      });
      for (const text of texts) {
        const bytes = encodeUtf8(text);
        const holds = (match: ByteRange) => (what: Condition) =>
          (oracle(what.pattern, [encodeUtf8(around(text, match, what))])?.[0]?.length ?? 0) > 0;
        const all = oracle('HIT\\(', [bytes])?.[0] ?? [];
        const wanted = all.filter(
          (match) => requires.every(holds(match)) && !unless.some(holds(match)),
        );
        const { findings } = scanner.scan('file.unknown', bytes);
        expect(findings.map(({ start }) => start.offset)).toEqual(wanted.map(({ start }) => start));
        counts.kept += wanted.length;
        counts.dropped += all.length - wanted.length;
      }
      scanner.dispose();
    }),
    { numRuns: 400 },
  );
  expect(Math.min(counts.kept, counts.dropped)).toBeGreaterThan(300);
}, 120_000);

test.each<[string, string[], string, [number, number][]]>([
  ['the first of two that overlap stands', ['abc', 'bcd'], 'abcd', [[0, 3]]],
  ['the longer of two that begin together', ['ab', 'abcd'], 'abcd', [[0, 4]]],
  [
    'neighbours both stand',
    ['ab', 'cd'],
    'abcd',
    [
      [0, 2],
      [2, 4],
    ],
  ],
  ['the same pattern twice is one match', ['ab', 'ab'], 'ab', [[0, 2]]],
  [
    'an empty match found by two patterns is one',
    ['x*', 'y*'],
    'ab',
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
  ],
  ['a brace with a leading zero is no repeat', ['foo{02}bar'], 'foo{02}bar fooobar', [[0, 10]]],
])('%s', (_, patterns, content, ranges) => {
  const { findings } = scanText([rule('r', patterns)], 'a.txt', content);
  expect(findings.map(({ start, end }) => [start.offset, end.offset])).toEqual(ranges);
});
