/** What of an expression has no value of its own that could come from elsewhere: words, constants, calls that only put together. */
import type { LanguageId } from '../language.ts';
import { looksUp } from './choosers.ts';
import { openingOf } from './operands.ts';
import type { AccessPath } from './paths.ts';
import type { Token } from './tokens.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Keywords and literals that no language has as a name; what another word follows is told apart without. */
const WORDS = words(
  'true false null nil None undefined NULL True False NaN new await async return throw raise not and or xor instanceof ' +
    'if else elif elsif unless do while switch case default try catch for foreach let var const static yield iota ' +
    'typeof void lambda function string int long short float double bool boolean',
);
/** In front of a bracket no call. */
const BEFORE_BRACKET = words('in is as of when match guard until elif elsif unless');
/** Types whose functions are called on no value. */
const TYPES = words('String Integer Long Double Float Boolean Character Objects Arrays Math');
/** Constants of many languages in which a program finds what it was given. */
const GIVEN = words('ARGV ARGF ENV STDIN INPUT QUERY_STRING PARAMS REQUEST');
/** Names of what was sent or read; what they hold under a key is not the program's own. */
const SENT =
  /^(?:_|args?$|argv$|params?$|query|body|form|fields?$|data|input|payload|headers?$|cookies?$|req|row|record|items?$|env|event|json|values?$|parts$|m$|match|groups$|tokens$|lines?$|cols$|columns$|result|res$|line$|obj|config|options?$|opts$|props$|state$|self$|this$)/i;
const OWN = words('self this static cls Self parent');
/** Not values, where a function of them is called. */
const PACKAGES = words(
  'fmt strings strconv path filepath os posixpath ntpath re util std core string textwrap html template',
);
/** Numbers that a value of any content may give. */
const MEASURES = words('length Length Count');
const MEASURING = words('size count length len Count');
/** Names of types and of their members begin so, where those of values don't. */
const CAPITAL = /^[A-Z]\w*$/;
/** Of a field of a bean. */
const GETTER = /^get[A-Z]\w*$/;
const CONSTANT = /^[A-Z][A-Z0-9_]+$/;
/** `__dirname`, `__FILE__` */
const OF_PROGRAM = /^__\w+$/;

/** Calls whose result is made of what stands in them, and of what they are asked of. */
const COMBINING = words(
  'format sprintf Sprintf Sprint vsprintf strtr join Join implode concat Concat String str text Text raw literal string valueOf ' +
    'toString ToString to_s to_string to_owned to_str as_str as_ref into from clone copy dup freeze trim Trim trim_start trimStart trimEnd ltrim rtrim strip lstrip rstrip ' +
    'TrimSpace TrimSuffix TrimPrefix TrimRight upper lower toUpperCase toLowerCase ToUpper ToLower uppercase lowercase upcase downcase ' +
    'capitalize title replace replaceAll Replace ReplaceAll str_replace gsub sub repeat Repeat times substr substring Substring slice ' +
    'map fill filter sorted sort reverse reversed keys values entries items enumerate zip range split explode ' +
    'append Append AppendLine AppendFormat add Add push unshift prepend insert put set extend write WriteString WriteByte push_str addAll ' +
    'Array List Set Map Dictionary HashMap HashSet ArrayList LinkedList listOf setOf mapOf arrayOf mutableListOf asList of Of array ' +
    'list set dict tuple frozenset vec make new New len length count size Count Length max min abs round floor ceil Max Min ' +
    'ProcessStartInfo ProcessBuilder Uri URI Some Ok unwrap unwrap_or unwrap_or_default unwrap_or_else expect or orElse getOrElse formatted stripIndent trimIndent trimMargin ' +
    'StringBuilder StringBuffer StringJoiner sizeof nameof toList stream iter iterator joining to_a to_vec toArray ToArray ToList collect fmt build encode decode bytes',
);

/** Whether the name stands for the same in every call of its function. */
export function isSettled(path: AccessPath, language: LanguageId | undefined): boolean {
  const { parts } = path;
  const [root = ''] = parts;
  const last = parts.at(-1) ?? '';
  if (path.hasSigil) return OWN.has(root) ? CONSTANT.test(last) : false;
  if (isWord(path)) return true;
  // A table of the file or of the package, and none of what is sent.
  if (path.isTable && parts.length === 1) return !SENT.test(root);
  if (OF_PROGRAM.test(root)) return true;
  if (path.asked !== undefined && PACKAGES.has(root)) return combines(path.asked);
  if (isMeasure(path)) return true;
  if (GIVEN.has(root)) return false;
  if (CONSTANT.test(root)) return true;
  // What a program is started with.
  if (root === 'process' && parts[1] === 'env') return parts.length > 2;
  if (parts.length === 1) return isOfType(root, language);
  if (OWN.has(root) || CAPITAL.test(root))
    return CONSTANT.test(last) || parts.every((part) => isOfType(part, language));
  return false;
}

/** Whether it is a member of the object that the function is of, and no constant. */
export function isOwn({ parts }: AccessPath): boolean {
  return parts.length > 1 && OWN.has(parts[0] ?? '');
}

/** Whether it is the object that a function is of: `self` in its head. */
export function isObject({ parts }: AccessPath): boolean {
  return parts.length === 1 && OWN.has(parts[0] ?? '');
}

/** Whether it is a number that any content may have. */
export function isMeasure({ parts, asked }: AccessPath): boolean {
  if (asked !== undefined) return MEASURING.has(asked);
  return parts.length > 1 && MEASURES.has(parts.at(-1) ?? '');
}

/** `self.NAMES`, which no function assigns, whatever it gets as `self`. */
export function isOwnConstant({ parts }: AccessPath): boolean {
  return parts.length > 1 && OWN.has(parts[0] ?? '') && CONSTANT.test(parts.at(-1) ?? '');
}

/** Whether it is no name at all. */
export function isWord({ parts: [root = ''], hasSigil }: AccessPath): boolean {
  return !hasSigil && (WORDS.has(root) || TYPES.has(root));
}

/** In C# and Go any member may begin so. */
function isOfType(name: string, language: LanguageId | undefined): boolean {
  return language !== 'csharp' && language !== 'go' && CAPITAL.test(name);
}

/** Whether the function makes another value of what it is given, and looks nothing up by it. */
export function combines(name: string): boolean {
  return COMBINING.has(name);
}

/** Whether a call begins at `at`. */
export function isCall(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== 'word' || WORDS.has(token.text)) return false;
  if (BEFORE_BRACKET.has(token.text)) return false;
  const next = tokens[at + 1];
  const open = next?.kind === 'mark' && next.text === '!' ? tokens[at + 2] : next;
  return open?.kind === 'mark' && open.text === '(';
}

/** Whether a call begins at `at` that may give anything. */
export function isOpaqueCall(tokens: readonly Token[], at: number): boolean {
  const name = tokens[at]?.text ?? '';
  if (!isCall(tokens, at) || combines(name)) return false;
  return !isGetter(tokens, at) && !(looksUp(name) && isAskedOfValue(tokens, at));
}

/** `a.getName()` of a bean is a field of it: a check of that is none of another. */
export function isGetter(tokens: readonly Token[], at: number): boolean {
  const [before, name, open, close] = [at - 1, at, at + 1, at + 2].map((index) => tokens[index]);
  return (
    (before?.text === '.' || before?.text === '->') &&
    GETTER.test(name?.text ?? '') &&
    open?.text === '(' &&
    close?.text === ')'
  );
}

/** `table.get(`, `TABLE.get(`, `Map.of(a, b).get(`, and neither `get(` nor `Table.get(`. */
function isAskedOfValue(tokens: readonly Token[], at: number): boolean {
  const [owner, connector] = tokens.slice(Math.max(0, at - 2), at);
  if (connector?.kind !== 'mark') return false;
  if (owner?.text === ')') return combines(tokens[openingOf(tokens, at - 2) - 1]?.text ?? '');
  if (owner?.kind !== 'word') return owner?.text === ']';
  return CONSTANT.test(owner.text) || !CAPITAL.test(owner.text);
}

/** Names in an expression that get their values in it: of loops in brackets, and of what is called for each. */
export function boundIn(tokens: readonly Token[]): ReadonlySet<string> {
  const bound = new Set(['it', '_']);
  tokens.forEach(({ kind, text }, at) => {
    if (kind === 'word' && isBoundAt(tokens, at)) bound.add(text);
  });
  return bound;
}

function isBoundAt(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text ?? '';
  const next = tokens[at + 1]?.text ?? '';
  // `for a in b`, `a => b`, `|a| b`, `lambda a: b`
  if (before === 'for' && next === 'in') return true;
  if (before === 'lambda' && next === ':') return true;
  if (before === '|' && next === '|') return true;
  if (next === '=>') return true;
  // `a->b` is a member.
  if (next === '->') return tokens[at + 1]?.start !== tokens[at]?.end;
  return next === ')' && /^[=-]>$/.test(tokens[at + 2]?.text ?? '');
}
