/** The parser accepts what RE2 accepts; where it does not, the table of deviations says so. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePattern } from '../../../engine/regex/parse.ts';
import { Re2Instance } from '../../../engine/re2/instance.ts';
import { testRuntime } from '../../support/wasm.ts';

const re2 = new Re2Instance(testRuntime());

function re2Accepts(pattern: string): boolean {
  const result = re2.compile(pattern);
  if (result.ok) re2.delete(result.handle);
  return result.ok;
}

const weAccept = (pattern: string): boolean => parsePattern(pattern).ok;

/** One pattern a word; what holds a space stands in the tables below. */
const words = (text: string): string[] => text.trim().split(/\s+/);

describe('accepts exactly what RE2 accepts', () => {
  test.each(
    Object.entries({
      repeats: words(String.raw`
        a** a*? a*+ a+? a?? a??? a+?+ a{2} a{2}{3} a{,5} a{2,1} a{1000} a{1001} a{0} a{0,0} a{0,1000}
        a{0,1001} a{01} a{1,02} a{00} a{1000000000} a{999999999} x{-1} x{1, x{1 x{a} x{1,2,3} x{1}?
        x{1}?? x{1}+ x{1,}* a{ { } * + ? a|* (*) (+) (|*) ^* $+ \b* ()* (^)* (\b)+ (?:)* (?i:)*
        .{1000} (a{100}){10} (x*){1000} (a{1000})* ((x{10}){10}){10}`),
      groups: words(String.raw`
        () (|) (a|) (|a) a||b | ( ) a) (a (?: (?:) (?:a)(?i ((a)) (?P<n>a) (?P<n (?P< (?P (?P<>x)
        (?P<n>a)(?P<m>b) (?P<a-b>x) (?P<a.b>x) (?Pa) (?P<constructor>a) (?P<__proto__>a) (?`),
      flags: words(String.raw`
        (?i)a (?i (?ii)a (?im)a (?imsU)a (?i-s:x) (?i-m-s)x (?x)a (?I)a (?^i)a (?-i)a (?-) (?i-) (?)
        (?i: (?i:a (?U)a*? (?U:a) (?s). (?-s). (?i)k(?-i)k (a(?i)b|c)d (?:a(?i)b)c`),
      unsupported: words(String.raw`
        (?=a) (?!a) (?<=a) (?<!a) (?>a) (?P=n) (?P>n) (?#c) (?P<n>a)(?P=n) (?&n) (?1) (?R) (?|a)
        (?'n'a) (?(1)a) (*VERB) (a)\1 \k<n> \g{1}`),
      escapes: words(String.raw`
        \a \e \f \t \n \r \v \d \D \s \S \w \W \b \B \A \z \Z \C \G \K \X \R \h \H \y \< \> \- \_ \/
        \" \' \@ \! \# \~ \. \* \[ \] \{ \} \( \) \^ \$ \| \\ \0 \00 \000 \8 \08 \18 \1 \12 \400 \777
        \x41 \x4 \x \xg1 \x{} \x{41} \x{110000} \x{10ffff} \x{00041} \x{d800} \x{12345678} \cA \u0041
        \N \N{x} \l \L \U \E \Q`),
      quoted: words(
        String.raw`\Qa+b\E \Qa\E* \Qab\E{2} \Qab \Qa\Eb\E a\Q+\E+ \Q\ \Q(\E \Q[\E] (\Qa\E)`,
      ),
      classes: words(String.raw`
        [a] [^a] []a] [^]a] []] [] [^] [ a] ] [a-] [-a] [a-b-] [--a] [a--] [+--] [---] [a-a] [z-a]
        [\d] [\d-] [a-\d] [\n-\r] [\b] [\Qa\E] [\C] [\A] [\z] [\]] [\^a] [a^] [[] [a-[] []-a] [a|b
        [a\ [\x{0}-\x{10ffff}] [^\x{0}-\x{10ffff}] (?i)[k-s] [\pL] [^\pL\d] [é-ü] [日-本]`),
      posix: words(String.raw`
        [[:alpha:]] [[:^alpha:]] [[:word:]] [^[:^space:]] [[:foo:]] [[:alpha:] [[:alpha]] [[a] [[:]
        [[:]] [:alpha:] [[.a.]] [[=a=]] [[:alnum:][:punct:]] [[:xdigit:]_] [a-[:alpha:]] [[:ascii:]]`),
      unicode: words(String.raw`
        \pN \PN \pL \pC \p{Greek} \p{^Greek} \P{^Greek} \p{Lu} \p{Any} \p{L} \p{Latin} \p{Han}{2}
        \p{Old_Italic} \p{Nd} \p{Lm}\p{Zs} \pn \p \p{ \p{} \p{L&} \p{Script=Greek} é 日本 😀+`),
    }).flatMap(([group, patterns]) => patterns.map((pattern) => [group, pattern] as const)),
  )('%s: %s', (_, pattern) => {
    expect(weAccept(pattern)).toBe(re2Accepts(pattern));
  });

  test.each([
    ['a space in a repeat', 'x{ 2}'],
    ['an escaped space', '\\ '],
    ['a space among flags', '(?i )a'],
    ['a NUL', 'a\0b'],
    ['a line feed', 'a\nb'],
    ['1,000 groups deep', '('.repeat(1000) + 'a' + ')'.repeat(1000)],
    ['nothing', ''],
  ])('%s', (_, pattern) => {
    expect(weAccept(pattern)).toBe(re2Accepts(pattern));
  });

  test('4,000 generated patterns without the constructs that deviate', () => {
    const tokens = words(String.raw`
      a b k ( ) (?: (?i) [ [^ ] \d \w \ | * + ? } {2} {2, 1 , ^ $ . \b [:alpha:] [: \x{ \p{Greek} \pL é 0 \1 \n : s i`);
    const deviates = /(?:^|[(|:)]|\(\?i\))\{\d|\)[*+?{]|\\é|-/;
    let accepted = 0;
    let compared = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 6 }), (parts) => {
        const pattern = parts.join('');
        fc.pre(!deviates.test(pattern));
        const expected = re2Accepts(pattern);
        compared++;
        if (expected) accepted++;
        expect(weAccept(pattern)).toBe(expected);
      }),
      { numRuns: 4_000 },
    );
    expect(accepted / compared).toBeGreaterThan(0.2);
  });
});

describe('stricter than RE2, on purpose or because nobody writes it', () => {
  test.each([
    ['a group name used twice', '(?P<n>a)(?P<n>b)'],
    ['a flag group between an atom and its repeat', 'a(?i)*'],
    ['an empty quotation between an atom and its repeat', 'a\\Q\\E*'],
    ['more than eight digits', '\\x{0000000041}'],
    ['a hyphen after a range', '[a-b-c]'],
    ['a hyphen after a class', '[\\d-z]'],
    ['groups deeper than 1,000', '('.repeat(1001) + 'a' + ')'.repeat(1001)],
    ['a pattern above 100,000 characters', 'ab'.repeat(50_001)],
  ])('%s', (_, pattern) => {
    expect([weAccept(pattern), re2Accepts(pattern)]).toEqual([false, true]);
  });
});

describe('laxer than RE2, which refuses them when they are compiled', () => {
  test.each([
    ['repeats that multiply to more than 1,000', '(a{100}){11}'],
    ['a repeat of an open repeat', '(?:x{2,}){1000}'],
    ['a Unicode class that does not exist', '\\p{Nope}'],
    ['a Unicode class in lower case', '\\p{greek}'],
    ['an unassigned one-letter class', '\\pB'],
  ])('%s', (_, pattern) => {
    expect([weAccept(pattern), re2Accepts(pattern)]).toEqual([true, false]);
  });
});
