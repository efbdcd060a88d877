import type { LanguageId } from '../../../engine/language.ts';

const SCRIPT: readonly (readonly [string, string])[] = [
  ['strings and comments', `a = ‹"b\\"c"› + ‹'d'› «// e 'f»\n/ 2; «/* g\n" */» h`],
  ['template with code', 'x = ‹`a ${›b + ‹"c"›‹} d ${›{e: 1}.e‹}`› + f'],
  ['nested templates', 'x = ‹`a ${›‹`b ${›c‹}`›‹}`›; d'],
  ['a lone carriage return ends a line comment', "«// a»\reval(‹'b'›)"],
  ['a line separator ends a line comment', '«// a»\u2028eval(b)'],
  ['shebang', '«#!/usr/bin/env node»\n#x = 1'],
  ['regex after an operator', `x = ‹/['"\`]/›g; y = ‹"z"›`],
  ['regex with a slash in a class', 'x = ‹/[/"]\\//›.test(y)'],
  ['regex at the start of a line', `;\n‹/'/›.test(x)`],
  ['regex after return', "return ‹/'/›.test(x)"],
  ['regex after a condition', "if (x) ‹/`/›.test(y); z(‹'a'›)"],
  ['regex after a block', "if (x) { y } ‹/'/›.test(z); w"],
  ['division after parentheses', 'a = (b) / 2; c = ‹"d/e"› / 3'],
  ['division after an object', 'a = {} / 2; b = 1 / 2'],
  ['division after a call and an index', 'a() / b[0] / c / d'],
  ['regex in a template', "‹`${›‹/'/›.test(a)‹}`›; b"],
  ['regex after a comment', "x = «/* a */» ‹/'/›; y"],
  ['property named as a keyword', 'a.return / 2; b = ‹"/"›'],
  ['two slashes on one line', "x = a / b + c / d + ‹'e'›"],
  ['unterminated string ends with its line', "x = ‹'abc›\ny = ‹'d'›"],
  ['escaped newline goes on', "x = ‹'abc\\\ndef'›; y"],
  ['quotes in comments', "«// don't»\nx = ‹'a'›; «/* it's */» y"],
];

const JSX: readonly (readonly [string, string])[] = [
  ['apostrophes in text', "x = <p>don't {a(‹'b'›)} `c</p>;\ny(‹'z'›)"],
  ['attributes', 'x = <a href=‹"it\'s"› b={‹`c${›d‹}`›} />; e(‹"f"›)'],
  ['links in text', 'x = <p>http://a /* b */</p>; «// c»'],
  ['nested elements and fragments', "return <><b>it's</b><i/>'{‹'c'›}</>; ‹'d'›"],
  ['element in code in an element', "x = <a>{b && <c>'</c>}'</a>; ‹'d'›"],
  ['comment in braces', "x = <a>{«/* ' */»}</a>; ‹'b'›"],
  ['comparison is no element', "if (a <b || c> d) ‹'e'›"],
  ['element after a condition', "x = a ? <b>'</b> : <c>'</c>; ‹'d'›"],
];

const PYTHON: readonly (readonly [string, string])[] = [
  ['a lone carriage return ends a comment', '«# a»\reval(b)'],
  ['comment and strings', `x = ‹"a # b"› «# c 'd»\ny = ‹'e'›`],
  ['docstring', `def f():\n  ‹"""a 'b'\n  # c"""›\n  return 1`],
  ['prefixes', `x = rb‹"a\\"b"› + f‹'{›c[‹"d"›]‹}'› + u‹'{e}'›`],
  ['doubled braces', `f‹"{{a}} {›b‹}"›; g(‹'h'›)`],
  ['nested format strings', `f‹"{›f‹'{›a‹}'›‹}"› + b`],
  ['triple format string', `f‹"""a "{›b(‹'c'›)‹}" d"""› + e`],
  ['unterminated string', `x = ‹'abc›\ny = ‹'d'›`],
  ['unterminated hole ends with its line', `x = f‹"a {›b\ny = ‹'c'›`],
  ['name that ends like a prefix', `xf‹"{a}"›`],
  ['quote kinds', `‹"""a'''b"""› c ‹'''d"""e'''› f`],
];

const RUBY: readonly (readonly [string, string])[] = [
  ['strings', `x = ‹"a #{›b[‹'c'›]‹} d"› + ‹'#{e}'› «# f»`],
  ['percent literals', `x = ‹%q(a (b) 'c)› + ‹%w[d e]›; y = 5 %q; puts ‹%i{f g}›; z % (a)`],
  ['percent with code', `‹%Q{a #{›b‹} 'c}›; d`],
  ['heredoc', `x = foo(<<~EOS, 1)\n‹  it's #{›a‹} b\n  EOS›\ny = ‹'c'›`],
  ['quoted heredoc', `x = <<-'EOS'\n‹it's #{a}\n EOS›\ny`],
  ['two heredocs', `f(<<A, <<B)\n‹a'\nA›\n‹b'\nB›\nc`],
  ['percent literal without an end', `a ‹'b'›; c %w(d\ne(‹"f"›)`],
  ['append is no heredoc', `a <<b\nclass << self; x << VALUE\n‹'d'›`],
  ['regex', `x =~ ‹/'/›; y.match ‹/"/›; a / b / c`],
  ['begin and end', `a\n«=begin\nit's\n=end»\nb`],
  ['character literal', `x = ?"; y = ‹"z"›`],
];

const PHP: readonly (readonly [string, string])[] = [
  ['outside is HTML', `<p>it's «<!-- a -->»</p><?php echo ‹'b'›; «// c »?> d's <?= $e ?>`],
  ['strings with code', `<?php $a = ‹"b {›$c[‹'d'›]‹} $e \${›f‹}"› . ‹'{$g}'›;`],
  ['comments', `<?php «# it's»\n#[A]\n«/* b */» c(); «// d»\ne();`],
  ['heredoc', `<?php $a = <<<EOT\n‹it's {›$b‹} c\n  EOT›;\nd(‹'e'›);`],
  ['nowdoc', `<?php $a = <<<'EOT'\n‹it's {$b}\nEOT›;\nd();`],
  ['fragment without a tag', `$a = ‹'b'›; «// it's»\neval($c);`],
  ['fragment that ends in HTML', `$a = ‹'b'›; ?> it's <?php ‹'c'›;`],
  ['script in HTML', `<script>a(‹'b'›) «// it's»\n</script><?php ‹'c'›;`],
  ['HTML comment around PHP', `«<!-- »<?php eval($a); ?> -->`],
];

const named = (
  languages: readonly LanguageId[],
  cases: readonly (readonly [string, string])[],
): (readonly [LanguageId, string, string])[] =>
  languages.flatMap((language) => cases.map(([name, shown]) => [language, name, shown] as const));

export const SCRIPT_CASES: readonly (readonly [LanguageId, string, string])[] = [
  ...named(['javascript', 'typescript', 'jsx', 'tsx'], SCRIPT),
  ...named(['javascript', 'jsx', 'tsx'], JSX),
  ['tsx', 'type parameters', "const f = <T,>(a: T) => ‹'b'›; <U extends V>(c) => ‹'d'›"],
  ['typescript', 'type assertion', "x = <any>‹'a'›; y = <B>c; «// it's»"],
  ...named(['python'], PYTHON),
  ...named(['ruby'], RUBY),
  ...named(['php'], PHP),
];
