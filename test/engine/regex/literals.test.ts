/** Every match holds one of the literals: what the prefilter passes over cannot match. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Literal, requiredLiterals } from '../../../engine/regex/literals.ts';
import { parsePattern } from '../../../engine/regex/parse.ts';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { oracle } from '../../support/oracle.ts';
import { pattern, text, wordyPattern } from '../match/arbitraries.ts';

function literalsOf(source: string): readonly Literal[] | undefined {
  const parsed = parsePattern(source);
  if (!parsed.ok) throw new Error(`${source}: ${parsed.error.message}`);
  return requiredLiterals(parsed.node)?.literals;
}

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** As `(?i)` reads it: U+017F is an `s`, U+212A a `k`. */
const folded = (raw: string): string =>
  raw
    .replaceAll('\xc5\xbf', 's')
    .replaceAll('\xe2\x84\xaa', 'k')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

function holds(raw: string, { bytes, foldCase }: Literal): boolean {
  return foldCase ? folded(raw).includes(bytes) : raw.includes(bytes);
}

test('every match of RE2 holds a literal, for generated patterns and texts', () => {
  let checked = 0;
  fc.assert(
    fc.property(
      fc.oneof(pattern, wordyPattern),
      fc.array(text, { minLength: 4, maxLength: 4 }),
      (source, contents) => {
        const literals = literalsOf(source);
        if (literals === undefined) return;
        const texts = contents.map(encodeUtf8);
        oracle(source, texts)?.forEach((matches, index) => {
          for (const { start, end } of matches) {
            const raw = latin1(texts[index]?.subarray(start, end) ?? new Uint8Array());
            expect(literals.some((literal) => holds(raw, literal))).toBe(true);
            checked++;
          }
        });
      },
    ),
    { numRuns: 800 },
  );
  expect(checked).toBeGreaterThan(100);
}, 120_000);

/** `i:` marks a literal that is read in either case; bytes above ASCII as UTF-8. */
function shown(source: string): string[] | undefined {
  return literalsOf(source)
    ?.map(
      ({ bytes, foldCase }) =>
        `${foldCase ? 'i:' : ''}${Buffer.from(bytes, 'latin1').toString('utf8')}`,
    )
    .sort();
}

describe('the literals of typical patterns', () => {
  test.each<[string, string[] | undefined]>([
    ['\\byaml\\.load\\s*\\(', ['yaml.load']],
    ['\\b(?:exec|eval)\\s*\\(', ['eval', 'exec']],
    ['(?:pickle|_pickle)\\.loads?\\(', ['pickle.load(', 'pickle.loads(']],
    ['(?i)select\\s', ['i:select']],
    ['(?i:AWS)_key', ['i:aws_key']],
    ['colou?r=', ['color=', 'colour=']],
    ['document[.]write\\(', ['document.write(']],
    ['verify\\s*=\\s*False', ['verify']],
    ['os\\.system|subprocess\\.call', ['os.system', 'subprocess.call']],
    ['(?:ab){2}', ['abab']],
    ['(?:ab){2,}', ['abab']],
    ['(?:ab)+', ['ab']],
    ['(?:abc)?def', ['def']],
    ['pass[wW]ord', ['i:password']],
    ['\\Qa.b*\\E', ['a.b*']],
    ['über\\w', ['über']],
    ['\\x{1F600}x', ['😀x']],
    ['foo{02}bar', ['foo{02}bar']],
    ['(?i)ki\\d', ['i:ki']],
    ['(?:abc)*', undefined],
    ['(?:abc)?', undefined],
    ['\\w+\\s*', undefined],
    ['a', undefined],
    ['abc|\\d+', undefined],
    ['[\\s\\S]*', undefined],
    ['\\pL\\pL', undefined],
    ['\\C\\C', undefined],
    ['\\x{fffd}', undefined],
    ['', undefined],
    ['(?i)é', undefined],
  ])('%s', (source, expected) => {
    expect(shown(source)).toEqual(expected?.toSorted());
  });

  test('a set is never larger than 256, and a literal never longer than 24 bytes', () => {
    const many = Array.from({ length: 300 }, (_, i) => `w${1000 + i}`).join('|');
    expect(literalsOf(many)).toBeUndefined();
    for (const { bytes } of literalsOf('x'.repeat(100)) ?? [])
      expect(bytes.length).toBeLessThanOrEqual(24);
  });
});

describe('case folding reaches the two characters outside of ASCII', () => {
  test.each([
    ['(?i)task', 'ta\u017fk'],
    ['(?i)task', 'TAS\u212a'],
    ['(?i)kiss', '\u212ai\u017f\u017f'],
    ['(?i)[s]et', '\u017fet'],
    ['se(?i:k)ret', 'se\u212aret'],
  ])('%s finds %s', (source, content) => {
    const bytes = encodeUtf8(content);
    expect(oracle(source, [bytes])?.[0]).toHaveLength(1);
    expect(literalsOf(source)?.some((literal) => holds(latin1(bytes), literal))).toBe(true);
  });

  test('a case-sensitive literal does not', () => {
    expect(literalsOf('task')).toEqual([{ bytes: 'task', foldCase: false }]);
    expect(oracle('task', [encodeUtf8('ta\u017fk')])?.[0]).toEqual([]);
  });
});
