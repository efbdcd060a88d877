/** Short windows and long ones are looked through in two ways, which have to agree. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { containsAny } from '../../../engine/prefilter/contains.ts';
import type { Literal } from '../../../engine/regex/literals.ts';

const letter = fc.constantFrom('a', 'b', 's', 'k', 'K', '(', 'q', '\u0000');
const literal: fc.Arbitrary<Literal> = fc
  .tuple(fc.array(letter, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([letters, foldCase]) => {
    const bytes = letters.join('');
    return { bytes: foldCase ? bytes.toLowerCase() : bytes, foldCase };
  });
const part = fc.array(fc.oneof({ weight: 20, arbitrary: letter }, fc.constantFrom('ſ', 'K')), {
  maxLength: 12,
});

/** By strings, where a folding character is a letter. */
function has(text: Buffer, literals: readonly Literal[]): boolean {
  const letters = text.toString().replaceAll('ſ', 's').replaceAll('K', 'k').toLowerCase();
  const exact = text.toString('latin1');
  return literals.some(({ bytes, foldCase }) => (foldCase ? letters : exact).includes(bytes));
}

describe('a window', () => {
  test('of any length: never false where a literal is, true without one only by folding characters', () => {
    fc.assert(
      fc.property(
        fc.array(literal, { minLength: 1, maxLength: 6 }),
        part,
        fc.constantFrom(0, 40, 255, 256, 3_000),
        part,
        (literals, head, blanks, tail) => {
          const window = Buffer.from(head.join('') + ' '.repeat(blanks) + tail.join(''));
          const text = Buffer.concat([Buffer.from('(kab'), window, Buffer.from('sq(ka')]);
          const found = containsAny(text, 4, text.length - 5, literals);
          const isThere = has(window, literals);
          if (isThere) expect(found).toBe(true);
          else if (!/[ſK]/.test(window.toString())) expect(found).toBe(false);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test.each([0, 5_000])('with %i more bytes: its edges are those of what is found', (more) => {
    const text = Buffer.from(`token${' '.repeat(more)}secret`);
    const literals: Literal[] = [
      { bytes: 'token', foldCase: false },
      { bytes: 'secret', foldCase: true },
    ];
    expect(containsAny(text, 0, 5, literals)).toBe(true);
    expect(containsAny(text, 1, text.length, literals)).toBe(true);
    expect(containsAny(text, 1, text.length - 1, literals)).toBe(false);
    expect(containsAny(text, 0, text.length - 6, literals)).toBe(true);
    expect(containsAny(text, 0, 4, literals)).toBe(false);
    expect(containsAny(Buffer.from(text.toString().toUpperCase()), 1, text.length, literals)).toBe(
      true,
    );
  });

  test('a folding character stands for no letter of a literal that knows its case', () => {
    const text = Buffer.from(`ſ${' '.repeat(1_000)}`);
    expect(containsAny(text, 0, text.length, [{ bytes: 's', foldCase: false }])).toBe(false);
    expect(containsAny(text, 0, text.length, [{ bytes: 's', foldCase: true }])).toBe(true);
  });
});
