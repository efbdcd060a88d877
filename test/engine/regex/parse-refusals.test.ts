/** What a rule author reads when a pattern is refused: the place, the reason, the rewrite. */
import { expect, test } from 'vitest';
import { parsePattern } from '../../../engine/regex/parse.ts';

const PATTERNS = String.raw`
(?=a)
x(?!a)
(?<=a)b
(?<!a)b
(?>a)
(?P<n>a)(?P=n)
(?#note)
(?x)a
(?P<n>a)(?P<n>b)
(a
a)
[a
[[:letter:]]
[z-a]
a**
a*+
*
a{1001}
a{3,2}
\Z
\y
\1
\x4
\x{110000}
\pq
tail\
`
  .trim()
  .split('\n');

/** The pattern, marks under what is refused, the message and the rewrite. */
function refusal(pattern: string): string {
  const parsed = parsePattern(pattern);
  if (parsed.ok) return `${pattern}\naccepted`;
  const { offset, length, message, rewrite } = parsed.error;
  const marks = ' '.repeat(offset) + '^'.repeat(length);
  return [pattern, marks, message, ...(rewrite === undefined ? [] : [`-> ${rewrite}`])].join('\n');
}

test('refusals point at the place and name the rewrite', () => {
  expect(PATTERNS.map(refusal).join('\n\n')).toMatchInlineSnapshot(`
    "(?=a)
    ^^^
    RE2 has no lookahead "(?=…)"
    -> consume the text instead, or use \\b

    x(?!a)
     ^^^
    RE2 has no negative lookahead "(?!…)"
    -> move it into "unless: [{within: match|line|call, pattern: …}]"

    (?<=a)b
    ^^^^
    RE2 has no lookbehind "(?<=…)"
    -> consume the text instead: the match then begins earlier

    (?<!a)b
    ^^^^
    RE2 has no negative lookbehind "(?<!…)"
    -> consume one character that may stand there: "(?:^|[^x])"

    (?>a)
    ^^^
    RE2 has no atomic groups, and needs none: it never backtracks
    -> use "(?:…)"

    (?P<n>a)(?P=n)
            ^^^^
    RE2 has no backreferences
    -> spell out the alternatives

    (?#note)
    ^^^
    RE2 has no comment groups
    -> put the comment in the rule file

    (?x)a
    ^^^
    unknown group "(?x)"; RE2 knows (?:…), (?P<name>…) and the flags i, m, s, U

    (?P<n>a)(?P<n>b)
            ^^^^^^
    group name "n" is used twice

    (a
    ^
    this group is never closed
    -> add ")"

    a)
     ^
    unexpected ")": no group is open

    [a
    ^
    this "[" is never closed
    -> add "]", or write "\\[" for the character

    [[:letter:]]
     ^^^^^^^^^^
    unknown class "[:letter:]"
    -> alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word, xdigit

    [z-a]
     ^^^
    range "z-a" has its ends the wrong way round

    a**
      ^
    bad repetition operator "a**"

    a*+
      ^
    possessive quantifiers do not exist in RE2, which never backtracks
    -> remove the "+"

    *
    ^
    "*" has nothing to repeat
    -> "\\*" for the character itself

    a{1001}
     ^^^^^^
    repeat "{1001}" is above RE2's limit of 1000
    -> use "*" or "+", or a smaller count

    a{3,2}
     ^^^^^
    repeat "{3,2}" has its bounds the wrong way round

    \\Z
    ^^
    unknown escape "\\Z"
    -> "\\z" for the end of the text

    \\y
    ^^
    unknown escape "\\y"
    -> "y" for the letter itself

    \\1
    ^^
    RE2 has no backreferences such as "\\1"
    -> spell out the alternatives

    \\x4
    ^^
    "\\x4" names no character; write \\x41 or \\x{1F600}

    \\x{110000}
    ^^^^^^^^^^
    "\\x{110000}" names no character; write \\x41 or \\x{1F600}

    \\pq
    ^^
    "\\p" needs a Unicode class
    -> "\\pL" or "\\p{Greek}"

    tail\\
        ^
    the pattern ends in a lone backslash
    -> "\\\\" for the character itself"
  `);
});

test.each(PATTERNS)('the place of the refusal lies inside of %s', (pattern) => {
  const parsed = parsePattern(pattern);
  if (parsed.ok) throw new Error('accepted');
  expect(parsed.error.length).toBeGreaterThan(0);
  expect(parsed.error.offset + parsed.error.length).toBeLessThanOrEqual(pattern.length + 1);
});
