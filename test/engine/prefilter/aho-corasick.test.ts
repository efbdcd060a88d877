/** The automaton against a search for each literal at each place. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AhoCorasick } from '../../../engine/prefilter/aho-corasick.ts';
import type { Literal } from '../../../engine/regex/literals.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';

const asciiLower = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

type Hit = readonly [literal: number, start: number, end: number];

function byAutomaton(literals: readonly Literal[], text: Uint8Array): Hit[] {
  const automaton = new AhoCorasick(literals);
  let hits: Hit[] = [];
  const note = (literal: number, start: number, end: number): void => {
    hits.push([literal, start, end]);
  };
  if (!automaton.search(text, note)) {
    hits = [];
    automaton.searchFolding(text, note);
  }
  return hits;
}

interface Unit {
  readonly letter: string;
  readonly start: number;
  readonly end: number;
}

/** Bytes as letters in lower case, the two folding characters as one letter each. */
function foldedUnits(text: Uint8Array): Unit[] {
  const units: Unit[] = [];
  for (let at = 0; at < text.length;) {
    const two = text[at] === 0xc5 && text[at + 1] === 0xbf;
    const three = text[at] === 0xe2 && text[at + 1] === 0x84 && text[at + 2] === 0xaa;
    const end = at + (two ? 2 : three ? 3 : 1);
    const letter = two ? 's' : three ? 'k' : asciiLower(String.fromCharCode(text[at] ?? 0));
    units.push({ letter, start: at, end });
    at = end;
  }
  return units;
}

function naive(literals: readonly Literal[], text: Uint8Array): Hit[] {
  const raw = Buffer.from(text).toString('latin1');
  const units = foldedUnits(text);
  const letters = units.map(({ letter }) => letter).join('');
  return literals.flatMap(({ bytes, foldCase }, index) => {
    const hits: Hit[] = [];
    const hay = foldCase ? letters : raw;
    for (let at = hay.indexOf(bytes); at >= 0; at = hay.indexOf(bytes, at + 1)) {
      const last = at + bytes.length;
      hits.push(
        foldCase ? [index, units[at]?.start ?? 0, units[last - 1]?.end ?? 0] : [index, at, last],
      );
    }
    return hits;
  });
}

const byEnd = (hits: readonly Hit[]): Hit[] =>
  hits.toSorted((a, b) => a[2] - b[2] || a[0] - b[0] || a[1] - b[1]);

const literal: fc.Arbitrary<Literal> = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 's', 'k', 'S', 'é', '('), { minLength: 1, maxLength: 5 }),
    fc.boolean(),
  )
  .map(([letters, foldCase]) => {
    const bytes = Buffer.from(letters.join('')).toString('latin1');
    return { bytes: foldCase ? asciiLower(bytes) : bytes, foldCase };
  });
const literals = fc.array(literal, { minLength: 1, maxLength: 12 });
const letters = ['a', 'b', 's', 'k', 'A', 'S', 'K', 'é', '(', '\u017f', '\u212a', 'ÿ'];

test('finds what a naive search finds, overlapping and folded, each by its end', () => {
  let found = 0;
  fc.assert(
    fc.property(
      literals,
      fc.array(fc.constantFrom(...letters), { maxLength: 60 }),
      (set, parts) => {
        const bytes = encodeUtf8(parts.join(''));
        const hits = byAutomaton(set, bytes);
        expect(hits.map(([, , end]) => end)).toEqual(byEnd(hits).map(([, , end]) => end));
        expect(byEnd(hits)).toEqual(byEnd(naive(set, bytes)));
        found += hits.length;
      },
    ),
    { numRuns: 3_000 },
  );
  expect(found).toBeGreaterThan(1_000);
});

test('and in bytes that are no UTF-8', () => {
  const byte = fc.constantFrom(0x61, 0x73, 0x6b, 0x4b, 0xc5, 0xbf, 0xe2, 0x84, 0xaa, 0xc3, 0xa9, 0);
  fc.assert(
    fc.property(literals, fc.array(byte, { maxLength: 60 }), (set, raw) => {
      const bytes = Uint8Array.from(raw);
      expect(byEnd(byAutomaton(set, bytes))).toEqual(byEnd(naive(set, bytes)));
    }),
    { numRuns: 2_000 },
  );
});

test.each<[string, readonly Literal[], string, readonly Hit[]]>([
  ['nothing to look for', [], 'abc', []],
  [
    'one literal inside another',
    [lit('he'), lit('she'), lit('hers')],
    'ushers',
    [
      [1, 1, 4],
      [0, 2, 4],
      [2, 2, 6],
    ],
  ],
  [
    'a literal that overlaps itself',
    [lit('aa')],
    'aaaa',
    [
      [0, 0, 2],
      [0, 1, 3],
      [0, 2, 4],
    ],
  ],
  [
    'the same literal in both readings',
    [lit('ab'), lit('ab', true)],
    'AB ab',
    [
      [1, 0, 2],
      [0, 3, 5],
      [1, 3, 5],
    ],
  ],
  [
    'a literal at both edges',
    [lit('ab')],
    'abab',
    [
      [0, 0, 2],
      [0, 2, 4],
    ],
  ],
  ['an empty text', [lit('ab')], '', []],
])('%s', (_, set, content, expected) => {
  expect(byEnd(byAutomaton(set, encodeUtf8(content)))).toEqual(byEnd(expected));
});

test('every byte value can be in a literal', () => {
  const all = Array.from({ length: 256 }, (_, byte) => lit(String.fromCharCode(byte)));
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(byAutomaton(all, bytes)).toHaveLength(256);
});

test('the table of 1,000 literals stays small', () => {
  const plans = Array.from({ length: 1000 }, (_, i) => lit(`literal_number_${i}(`));
  expect(new AhoCorasick(plans).tableBytes).toBeLessThan(1 << 20);
});

function lit(bytes: string, foldCase = false): Literal {
  return { bytes, foldCase };
}
