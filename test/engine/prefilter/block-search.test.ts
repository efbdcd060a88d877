/** The search by blocks against the automaton, whatever the text's place in memory. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AhoCorasick } from '../../../engine/prefilter/aho-corasick.ts';
import { writeBlocks } from '../../../engine/prefilter/block-program.ts';
import type { BlockSearch } from '../../../engine/prefilter/block-search.ts';
import type { Literal } from '../../../engine/regex/literals.ts';
import { createKernel } from '../../../host/kernel.ts';

type Hit = readonly [literal: number, start: number, end: number];

interface Searcher {
  search(text: Uint8Array, note: (literal: number, start: number, end: number) => void): boolean;
}

/** Sorted occurrences, or `folding` where the text has to be searched again. */
function found(searcher: Searcher, text: Uint8Array): readonly Hit[] | 'folding' {
  const hits: Hit[] = [];
  const plain = searcher.search(text, (literal, start, end) => hits.push([literal, start, end]));
  return plain ? hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]) : 'folding';
}

function byAutomaton(literals: readonly Literal[], text: Uint8Array): readonly Hit[] | 'folding' {
  const automaton = new AhoCorasick(literals);
  const result = found(automaton, text);
  if (result !== 'folding') return result;
  return found({ search: (bytes, note) => (automaton.searchFolding(bytes, note), true) }, text);
}

/** Searches in one kernel as long as it has room: a new one for each would be most of the work. */
class Searches {
  #kernel = createKernel();

  of(literals: readonly Literal[]): BlockSearch {
    const search = writeBlocks(literals, this.#kernel);
    if (search !== undefined) return search;
    this.#kernel = createKernel();
    const other = writeBlocks(literals, this.#kernel);
    if (other === undefined) throw new Error('these literals are not for blocks');
    return other;
  }
}

function byBlocks(literals: readonly Literal[]): BlockSearch {
  return new Searches().of(literals);
}

const letter = fc.constantFrom('a', 'b', 's', 'K', '(', 'é', '\u0000');
const literalOf = (minLength: number, maxLength: number): fc.Arbitrary<Literal> =>
  fc.tuple(fc.array(letter, { minLength, maxLength }), fc.boolean()).map(([letters, foldCase]) => {
    const bytes = Buffer.from(letters.join('')).toString('latin1');
    const lower = bytes.replace(/[A-Z]/g, (upper) => upper.toLowerCase());
    return { bytes: foldCase ? lower : bytes, foldCase };
  });
const byte = fc.constantFrom(
  0x61,
  0x62,
  0x73,
  0x53,
  0x6b,
  0x4b,
  0x28,
  0xc3,
  0xa9,
  0xc5,
  0xbf,
  0,
  0xff,
);

test.each<[string, number, number, number]>([
  ['literals of two bytes', 2, 2, 1_000],
  ['of three', 3, 3, 1_000],
  ['of three to six', 3, 6, 1_000],
  ['of seven and more', 7, 9, 40],
  ['of all lengths', 2, 9, 500],
])('%s', (_, min, max, least) => {
  let hits = 0;
  const searches = new Searches();
  fc.assert(
    fc.property(
      fc.array(literalOf(min, max), { minLength: 1, maxLength: 8 }),
      fc.array(fc.oneof(byte, fc.nat(7)), { maxLength: 80 }),
      (literals, parts) => {
        // Small numbers stand for literals, so that long ones occur, too.
        const bytes = parts.flatMap((part) =>
          part < 8 ? [...Buffer.from(literals[part]?.bytes ?? '', 'latin1')] : [part],
        );
        const text = Uint8Array.from(bytes);
        const result = found(searches.of(literals), text);
        if (result === 'folding') return;
        expect(result).toEqual(byAutomaton(literals, text));
        hits += result.length;
      },
    ),
    { numRuns: 1_500 },
  );
  expect(hits).toBeGreaterThan(least);
});

test.each([2, 3, 5, 8, 9])(
  'a literal of %i bytes at every place around the edge of a chunk',
  (length) => {
    const bytes = 'sg-ignore'.slice(0, length);
    const search = byBlocks([{ bytes, foldCase: false }]);
    const chunk = 1 << 17;
    for (let at = chunk - 12; at < chunk + 12; at++) {
      const text = new Uint8Array(chunk + 24).fill(0x20);
      text.set(Buffer.from(bytes), at);
      expect(found(search, text)).toEqual([[0, at, at + length]]);
    }
  },
);

test('a search is not misled by the text of the one before', () => {
  const kernel = createKernel();
  const search = writeBlocks([{ bytes: 'evil', foldCase: false }], kernel);
  if (search === undefined) throw new Error('expected a search');
  expect(found(search, Buffer.from('an evil text'))).toHaveLength(1);
  expect(found(search, Buffer.from('an e'))).toHaveLength(0);
  expect(found(search, Buffer.from(''))).toHaveLength(0);
});

test('two searches in one memory', () => {
  const kernel = createKernel();
  const searches = ['first', 'second'].map((bytes) =>
    writeBlocks([{ bytes, foldCase: false }], kernel),
  );
  const text = Buffer.from('the second and the first');
  expect(searches.map((search) => search && found(search, text))).toEqual([
    [[0, 19, 24]],
    [[0, 4, 10]],
  ]);
});

test.each([
  ['of one byte', 'a'],
  ['longer than what is looked at around a chunk', 'a'.repeat(257)],
])('a literal %s is refused', (_, bytes) => {
  expect(writeBlocks([{ bytes, foldCase: false }], createKernel())).toBeUndefined();
});

test('more occurrences than there is room for at a time', () => {
  const literals = ['aa', 'aaa', 'aaaa', 'aaaaaaaaa'].map((bytes) => ({ bytes, foldCase: false }));
  const text = new Uint8Array(300_000).fill(0x61);
  expect(found(byBlocks(literals), text)).toHaveLength(4 * text.length - 1 - 2 - 3 - 8);
});

test('of a selection nothing else is told', () => {
  const search = byBlocks(['first', 'second'].map((bytes) => ({ bytes, foldCase: false })));
  const selection = search.add(Uint8Array.of(0, 1));
  const hits: number[] = [];
  search.search(Buffer.from('first second first'), (literal) => hits.push(literal), selection);
  expect(hits).toEqual([1]);
});

test('a table that the memory has no room for is refused', () => {
  const kernel = createKernel();
  const literals = [{ bytes: 'literal', foldCase: false }];
  expect(writeBlocks(literals, kernel)).toBeDefined();
  while (kernel.allocate(1 << 17) !== undefined);
  while (kernel.allocate(8) !== undefined);
  expect(writeBlocks(literals, kernel)).toBeUndefined();
});

test('without literals nothing is found', () => {
  expect(found(byBlocks([]), Buffer.from('text'))).toEqual([]);
});
