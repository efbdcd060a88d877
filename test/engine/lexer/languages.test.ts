import { describe, expect, test } from 'vitest';
import type { LanguageId } from '../../../engine/language.ts';
import { LANGUAGES } from '../../../engine/language.ts';
import { C_LIKE_CASES } from './cases-c-like.ts';
import { CONFIG_CASES } from './cases-config.ts';
import { MARKUP_CASES } from './cases-markup.ts';
import { SCRIPT_CASES } from './cases-script.ts';
import { plain, show } from './show.ts';

/** Each case is the text with its spans marked: `‹string›`, `«comment»`. */
const CASES: readonly (readonly [LanguageId, string, string])[] = [
  ...C_LIKE_CASES,
  ...CONFIG_CASES,
  ...MARKUP_CASES,
  ...SCRIPT_CASES,
];

describe('regions by language', () => {
  test.each(CASES)('%s: %s', (language, _name, shown) => {
    // Spans that touch are one.
    expect(show(plain(shown), language)).toBe(shown.replaceAll(/›‹|»«/g, ''));
  });

  test('at least four cases a language', () => {
    const few = LANGUAGES.filter(
      (language) => CASES.filter(([name]) => name === language).length < 4,
    );
    expect(few).toEqual([]);
  });

  test('everything is code without a language', () => {
    expect(show('// "x"', undefined)).toBe('// "x"');
  });
});
