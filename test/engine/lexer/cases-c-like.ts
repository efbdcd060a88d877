import type { LanguageId } from '../../../engine/language.ts';

/** True of every language with C's comments, double quotes and backslashes. */
const COMMON: readonly (readonly [string, string])[] = [
  ['comments', `a «// b "c»\nd «/* e\n' */» f`],
  ['double quotes', `a(‹"b // c"›, ‹"d\\"e"›); f`],
  ['unterminated string ends with its line', `a = ‹"b›\nc = ‹"d"›`],
  ['stray close at the start', `« * it's eval(x)\n */»\na(‹"b"›);`],
];
const LANGUAGES_LIKE_C: readonly LanguageId[] = [
  'c',
  'cpp',
  'java',
  'csharp',
  'go',
  'kotlin',
  'scala',
  'swift',
];

export const C_LIKE_CASES: readonly (readonly [LanguageId, string, string])[] = [
  ...LANGUAGES_LIKE_C.flatMap((language) =>
    COMMON.map(([name, shown]) => [language, name, shown] as const),
  ),
  ['c', 'character literals', `a = ‹'"'›; b = ‹'\\''›; c = ‹"d"›`],
  ['c', 'continued string', `a = ‹"b\\\nc"›; d`],
  ['c', 'comments do not nest', `«/* a /* b */» c */ d`],
  ['cpp', 'raw string', `a = R‹"(b " c)"› + u8R‹"x(d)" )x"› + e`],
  ['cpp', 'digit separators', `a = 1'000'000; b = 0xab'cd; c = ‹'d'›`],
  ['cpp', 'prefixed characters', `a = L‹'b'› + u8‹'c'› + d`],
  ['java', 'text block', `a = ‹"""\n  b "c" \\""" it's\n  """›; d`],
  ['java', 'dollar braces are text', `a = ‹"\${b}"›; c = ‹'d'›`],
  ['java', 'Groovy triple quotes', `a = ‹'''b "\nc'''›; d`],
  ['csharp', 'interpolated', `a = $‹"b {›c(‹"d"›)‹} {{e}}"›; f`],
  ['csharp', 'verbatim', `a = @‹"c:\\"›; b = @‹"d""e\nf"›; g`],
  ['csharp', 'verbatim interpolated', `a = $@‹"b\\{›c‹}"›; d = @$‹"e\\{›f‹}"›`],
  ['csharp', 'raw', `a = ‹"""b "c" \\"""›; d = $$‹"""{e} {{›f‹}}"""›; g`],
  ['csharp', 'character', `a = ‹'"'›; b = ‹"c"›`],
  ['go', 'raw string', 'a := ‹`b\n\\`›; c := ‹"d"›'],
  ['go', 'runes', `a := ‹'"'›; b := ‹'\\''›; c`],
  ['kotlin', 'code in strings', `a = ‹"b \${›c(‹"d"›)‹} $e"›; f`],
  ['kotlin', 'raw string', `a = ‹"""b\\ "c" \${›d‹} """"›; e`],
  ['kotlin', 'nested comments', `«/* a /* b */ c */» d`],
  ['kotlin', 'character', `a = ‹'"'›; b`],
  ['scala', 'interpolators', `a = s‹"b \${›c‹}"› + ‹"\${d}"› + e`],
  ['scala', 'symbols and characters', `a = 'b + ‹'c'› + ‹'"'› + d`],
  ['scala', 'nested comments', `«/* a /* b */ c */» d`],
  ['scala', 'triple quotes', `s‹"""a "b" \${›c‹}"""› + d`],
  ['swift', 'code in strings', `a = ‹"b \\(›c(‹"d"›, (1))‹) e"›; f`],
  ['swift', 'hashes', `a = #‹"b " \\n \\#(›c‹)"#›; d`],
  ['swift', 'multi-line', `a = ‹"""\n  b "c" \\(›d‹)\n  """›; e`],
  ['swift', 'nested comments', `«/* a /* b */ c */» d`],
  [
    'rust',
    'lifetimes and characters',
    `fn a<'b>(c: &'b str) { ‹'"'›; ‹'\\''›; ‹'é'›; 'd: loop {} }`,
  ],
  ['rust', 'raw strings', `a = r#‹"b " c"#›; d = br‹"\\"›; e = r##‹"f"# g"##›; h`],
  ['rust', 'plain strings', `a = ‹"b\n\\" c"›; d = b‹"e"›; «// it's»\nf`],
  ['rust', 'nested comments', `«/* a /* b */ c */» d`],
  ['rust', 'attributes are no shebang', `#![allow(x)]\na «// b»`],
];
