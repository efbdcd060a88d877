/** Conditions on slices that are too long to be looked through whole, against RE2 on all of the slice. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../../engine/text/utf8.ts';
import { oracle } from '../../support/oracle.ts';
import { text, wordyPattern } from '../match/arbitraries.ts';
import { rule, scanText } from '../scan-text.ts';

const plainPattern = fc.constantFrom(
  'eval',
  '\\bexec\\b',
  'foo\\s*bar',
  'secret.{3}',
  '(?i)KISS',
  '^ab+',
);

/** Of no word that the patterns have. */
const FILLER = ' ...;\n'.repeat(800);

test('a condition holds where RE2 finds it, wherever in the slice that is', () => {
  const seen = { holds: 0, fails: 0 };
  fc.assert(
    fc.property(
      fc.oneof(wordyPattern, plainPattern),
      text,
      text,
      fc.constantFrom(true, false),
      (pattern, first, last, isFirst) => {
        const content = `${first}${FILLER}${isFirst ? 'evil(' : ''}${last}${isFirst ? '' : 'evil('}`;
        const [matches] = oracle(pattern, [encodeUtf8(content)]) ?? [];
        if (matches === undefined) return;
        const { findings } = scanText(
          [rule('r', 'evil\\(', { requires: [{ within: 'file', pattern }] })],
          'a.unknown',
          content,
        );
        expect(findings.length > 0).toBe(matches.length > 0);
        seen[matches.length > 0 ? 'holds' : 'fails']++;
      },
    ),
    { numRuns: 1_000 },
  );
  expect(seen.holds).toBeGreaterThan(50);
  expect(seen.fails).toBeGreaterThan(50);
});

test.each<[string, string, boolean]>([
  ['the begin of the slice', '^first', true],
  ['the end of the slice', 'last$', true],
  ['no begin in its middle', '^evil', false],
  ['a boundary at its edge', '\\bfirst\\b', true],
  ['a gap wider than what is followed', 'first(?s:.*)last', true],
])('%s', (_, pattern, holds) => {
  const content = `first${FILLER}evil(${FILLER}last`;
  const requires = [{ within: 'file' as const, pattern }];
  const { findings } = scanText([rule('r', 'evil\\(', { requires })], 'a.unknown', content);
  expect(findings).toHaveLength(holds ? 1 : 0);
});
