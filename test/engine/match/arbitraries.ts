/** Patterns and texts that are likely to meet: the same few words, letters and oddities in both. */
import fc from 'fast-check';

const WORDS = ['eval', 'exec', 'kiss', 'foo', 'bar', 'ab', 'secret', 'über', '日本', '😀x'];
const CLASSES = [
  '.',
  '\\s',
  '\\w',
  '\\d',
  '\\W',
  '[^a]',
  '[a-f]',
  '[sk]',
  '[^\\n"]',
  '[é-ü]',
  '\\p{Latin}',
  '[[:alpha:]]',
];
const ASSERTIONS = ['\\b', '\\B', '^', '$', '(?m:^)', '(?m:$)', '\\A', '\\z'];

const word = fc.constantFrom(...WORDS);
// RE2 takes twenty times as long to compile the letters of all scripts as those of one.
const characterClass = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...CLASSES) },
  { weight: 1, arbitrary: fc.constant('\\pL') },
);

export const pattern: fc.Arbitrary<string> = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { weight: 6, arbitrary: word },
    { weight: 4, arbitrary: characterClass },
    { weight: 2, arbitrary: fc.constantFrom(...ASSERTIONS) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('a', 'k', 'S', '\\(', '\\n', '\\x00', '\u017f', '\u212a'),
    },
    { weight: 2, arbitrary: tie('node').map((inner) => `(${inner})`) },
    { weight: 1, arbitrary: tie('node').map((inner) => `(?i:${inner})`) },
    { weight: 1, arbitrary: tie('node').map((inner) => `(?s:${inner})`) },
  ),
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: tie('atom') },
    { weight: 4, arbitrary: fc.tuple(tie('atom'), tie('node')).map((parts) => parts.join('')) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          tie('atom'),
          fc.constantFrom('*', '+', '?', '*?', '+?', '{2}', '{1,3}', '{0,4}', '{2,}'),
          tie('node'),
        )
        .map(([atom, repeat, rest]) => `(?:${atom})${repeat}${rest}`),
    },
    { weight: 1, arbitrary: fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`) },
  ),
})).node;

/** What decides most patterns in practice: a word, a gap, a word. */
export const wordyPattern: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '\\b', '(?i)', '(?m)^', '(?:^|[^.])', '(?:\\b[a-z])?', '(?:\\Ba|k\\b|)'),
    word,
    fc.constantFrom('', '\\s*', '.*', '[^\\n]{0,8}', '(?s:.*?)', '\\w+', '.{3}', '\\s+\\w*'),
    fc.oneof(word, pattern),
    fc.constantFrom(
      '',
      '\\b',
      '$',
      '(?m:$)',
      '\\z',
      '+',
      // Branches that end with an assertion, where a window may end.
      '(?:[a-z]\\b)?',
      '(?:ab\\b|[a-f]|)',
      '(?:\\w$|)',
      '(?:[a-k]{2}\\b|b*\\b)',
      '(?:.\\z)?',
    ),
  )
  .map((parts) => parts.join(''));

const piece = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 2, arbitrary: word.map((text) => text.toUpperCase()) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ' ',
      '\n',
      '\r\n',
      '\t',
      '\0',
      '(',
      '"',
      'a',
      'k',
      's',
      'ſ',
      '\u212a',
      'K',
      'S',
      'é',
      '1',
      '\udc00',
      '\ud83d',
      '\ufffd',
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(word, fc.integer({ min: 1, max: 40 }))
      .map(([text, count]) => text.repeat(count)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 600 }).map((count) => ' '.repeat(count)) },
);

export const text: fc.Arbitrary<string> = fc
  .array(piece, { maxLength: 40 })
  .map((parts) => parts.join(''));
