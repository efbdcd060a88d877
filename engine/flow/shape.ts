/** What a statement says about values: which names get one, and which names that is made of. */
import { bindsParameters, CONTROLS, isHead, lambdaParameters, parametersOf } from './head.ts';
import { iterationOf } from './iteration.ts';
import { PathSet } from './names.ts';
import { type AccessPath, accessPaths, wordPath } from './paths.ts';
import type { ByteRange } from '../re2/instance.ts';
import type { LanguageId } from '../language.ts';
import { depthOf, type Token } from './tokens.ts';

export interface StatementShape {
  /** Names that have a value of the statement's own behind it. */
  readonly assigned: readonly AccessPath[];
  /** Names that these values are made of. */
  readonly used: readonly AccessPath[];
  /** All names. */
  readonly named: readonly AccessPath[];
  /** Whether nothing is left of what the names held before. */
  readonly isWhole: boolean;
  /** Index of the token that the value begins with. */
  readonly value: number;
  /** A name that gets no value here, and whose values therefore are all in sight. */
  readonly declared?: AccessPath;
  /** Of a function's head, the parameter in which a name stands: who calls it assigns those. */
  readonly parameters?: ReadonlyMap<AccessPath, ByteRange>;
  /** Of the head of a callback, by name the parameter with its type; its value is of the statement all the same. */
  readonly typed?: ReadonlyMap<string, ByteRange>;
}

const REPLACING: ReadonlySet<string> = new Set(['=', ':=', '<-']);
const COMPARED: ReadonlySet<string> = new Set(['==', '===', '!=', '!==', '<=', '>=', '=>', '=~']);
const LOOPS: ReadonlySet<string> = new Set(['for', 'foreach', 'each', 'catch', 'with', 'using']);

const CONDITIONS: ReadonlySet<string> = new Set(['if', 'unless', 'while', 'until', 'elif']);
const OPERATORS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'in',
  'is',
  'not',
  'instanceof',
  'as',
]);
/** Between what a loop gives values to and where these come from. */
const BETWEEN: ReadonlySet<string> = new Set(['of', 'in', 'as', 'range']);
const DECLARING: ReadonlySet<string> = new Set(['let', 'var', 'val', 'my', 'local']);
const TYPES_FIRST: ReadonlySet<LanguageId | undefined> = new Set([
  'java',
  'csharp',
  'c',
  'cpp',
] as const);
const NOT_DECLARING: ReadonlySet<string> = new Set(
  'return throw raise goto import package using use break continue yield await delete del global nonlocal case end else then include require from go defer'.split(
    ' ',
  ),
);
const NATIVE: ReadonlySet<LanguageId | undefined> = new Set(['c', 'cpp', undefined] as const);
/** Functions of C that write to what their arguments point to. */
const WRITERS =
  /^(?:v?s?w?n?printf(?:_s)?|v?asprintf|(?:str|wcs|mem)n?(?:cpy|cat|move|lcpy|lcat)(?:_s)?|strl(?:cpy|cat)|f?gets|getline|f?read|recv(?:from)?|s?scanf)$/;

export function shapeOf(
  tokens: readonly Token[],
  language: LanguageId | undefined,
): StatementShape {
  if (isHead(tokens, operatorAt(tokens) >= 0, language)) {
    const parameters = parametersOf(tokens);
    const named = [...parameters.keys()];
    return { assigned: named, used: [], named, isWhole: false, value: 0, parameters };
  }
  const named = accessPaths(tokens);
  if (language === 'go' && tokens[0]?.text === 'const' && tokens[1]?.text === '(')
    return constantsShape(tokens, named);
  const outs = looksUpInto(tokens, named, language);
  if (outs.length > 0) {
    const used = named.filter((path) => !outs.includes(path));
    return { assigned: outs, used, named, isWhole: true, value: 0 };
  }
  if (NATIVE.has(language) && tokens.some((_, at) => isWriter(tokens, at)))
    return { assigned: named, used: named, named, isWhole: false, value: 0 };
  const begin = behindCondition(tokens);
  const operator = operatorAt(tokens, begin);
  const first = tokens[begin]?.text ?? '';
  if (LOOPS.has(first)) {
    const loop = loopShape(tokens, named);
    if (loop !== undefined) return loop;
  }
  // What a loop, a callback or such a call gives values to is told in too many ways to tell it from the rest.
  if (LOOPS.has(first) || bindsParameters(tokens)) {
    const typed = lambdaParameters(tokens);
    const each = LOOPS.has(first) ? undefined : iterationOf(tokens, named);
    if (each !== undefined) return { ...each, named, isWhole: true, typed };
    return { assigned: named, used: named, named, isWhole: false, value: 0, typed };
  }
  if (operator < 0) {
    // `list.push(x)` and `decode(&x)` change what they name first or by its address.
    const receiver = named.filter(({ start }) => start === tokens[begin]?.start);
    const assigned = [...receiver, ...addressed(tokens, named, language)];
    const used = named.filter(({ start }) => start >= (tokens[begin]?.start ?? 0));
    const declared = begin === 0 ? declaredIn(tokens, named, language) : undefined;
    const shape = { assigned, used, named, isWhole: false, value: begin };
    return declared === undefined ? shape : { ...shape, declared };
  }
  const from = tokens[begin]?.start ?? 0;
  const place = tokens[operator]?.start ?? 0;
  return {
    assigned: [
      ...named.filter(({ start }) => from <= start && start < place),
      ...addressed(tokens.slice(operator), named, language),
    ],
    used: named.filter(({ start, chooses }) => start > place && !chooses),
    named,
    // Under a condition on the same line it may not be done.
    isWhole:
      REPLACING.has(tokens[operator]?.text ?? '') &&
      begin === 0 &&
      !isConditional(tokens, operator) &&
      !isElement(tokens, operator, named),
    value: operator + 1,
  };
}

function isWriter(tokens: readonly Token[], at: number): boolean {
  const { kind, text = '' } = tokens[at] ?? {};
  return kind === 'word' && WRITERS.test(text) && tokens[at + 1]?.text === '(';
}

/** `const ( a = 1; b string = "c" )`, which the language takes constants for only. */
function constantsShape(tokens: readonly Token[], named: readonly AccessPath[]): StatementShape {
  const assigned = tokens.flatMap(({ kind, text }, at) => {
    // The name may have a type behind it.
    const before = kind === 'mark' && text === '=' ? tokens.slice(at - 2, at) : [];
    return before.filter((token) => token.kind === 'word').map(wordPath);
  });
  return { assigned, used: [], named, isWhole: true, value: 2 };
}

/** `table.TryGetValue(key, out var a)` gives `a` what is in the table. */
function looksUpInto(
  tokens: readonly Token[],
  named: readonly AccessPath[],
  language: LanguageId | undefined,
): AccessPath[] {
  if (language !== 'csharp' || !tokens.some(({ text }) => text === 'TryGetValue')) return [];
  const out = tokens.findIndex(({ kind, text }) => kind === 'word' && text === 'out');
  const end = tokens.findIndex(({ text }, at) => out >= 0 && at > out && text === ')');
  const name = tokens[end - 1];
  return named.filter(({ start }) => start === name?.start);
}

/** Index behind `if (a)`, `else` and the like, where a statement follows; else 0. */
function behindCondition(tokens: readonly Token[]): number {
  const first = tokens[0];
  if (first?.kind !== 'word') return 0;
  let at = 1;
  if (first.text === 'else' && tokens[1]?.text === 'if') at = 2;
  else if (first.text === 'else' && tokens.length > 1) return 1;
  else if (!CONDITIONS.has(first.text)) return 0;
  if (tokens[at]?.text !== '(') return 0;
  let depth = 0;
  do {
    depth += depthOf(tokens[at]);
    at++;
  } while (depth > 0 && at < tokens.length);
  const next = tokens[at];
  // `if (a) == b {`, `if (a) {`
  return next?.kind === 'word' && !OPERATORS.has(next.text) && tokens.at(-1)?.text !== '{' ? at : 0;
}

/** `a[i] = b`, and neither `a["b"] = c`, `[a, b] = c` nor `a: string[] = c`. */
function isElement(
  tokens: readonly Token[],
  operator: number,
  named: readonly AccessPath[],
): boolean {
  const last = tokens[operator - 1];
  if (last?.kind !== 'mark' || last.text !== ']' || tokens[operator - 2]?.text === '[')
    return false;
  return tokens[0]?.kind === 'word' && !DECLARING.has(tokens[0].text) && tokens[0].text !== 'const'
    ? named.every(({ end }) => end !== last.end)
    : false;
}

/** `a = b if c`, and neither `a = if c {` nor `a = b if c else d`. */
function isConditional(tokens: readonly Token[], operator: number): boolean {
  const at = tokens.findIndex(
    ({ kind, text }, index) =>
      kind === 'word' && (text === 'if' || text === 'unless') && index > operator + 1,
  );
  return at >= 0 && !tokens.slice(at).some(({ kind, text }) => kind === 'word' && text === 'else');
}

/** `for (const a of b)`, `for a, b in c`, `foreach (c as a)`: the names on one side get what is on the other. */
function loopShape(
  tokens: readonly Token[],
  named: readonly AccessPath[],
): StatementShape | undefined {
  const found = tokens.findIndex(
    ({ kind, text }, index) =>
      index > 1 && (kind === 'word' ? BETWEEN.has(text) : text === ':' || text === ':='),
  );
  const first = found < 0 ? tokens.findIndex(({ text }) => text === '=') : found;
  // `for i := range a`
  const at = tokens[first + 1]?.text === 'range' ? first + 1 : first;
  const between = tokens[at];
  if (between === undefined) return undefined;
  const before = named.filter(({ start }) => start < between.start);
  const behind = named.filter(({ start }) => start > between.start);
  const [assigned, all] = between.text === 'as' ? [behind, before] : [before, behind];
  // `for (int i = 0; i < n; i++)`
  const given = new PathSet(assigned);
  const used = all.filter((path) => !given.has(path));
  return { assigned, used, named, isWhole: true, value: between.text === 'as' ? 0 : at + 1 };
}

/** `let a`, `var a string`, and where types stand first `String a`. */
function declaredIn(
  tokens: readonly Token[],
  named: readonly AccessPath[],
  language: LanguageId | undefined,
): AccessPath | undefined {
  const [first, second] = tokens;
  if (first?.kind !== 'word' || second === undefined || !tokens.every(isOfDeclaration))
    return undefined;
  const hasKeyword = DECLARING.has(first.text);
  if (!hasKeyword && !TYPES_FIRST.has(language)) return undefined;
  if (NOT_DECLARING.has(first.text) || CONTROLS.has(first.text)) return undefined;
  const name = hasKeyword
    ? tokens.find(({ kind, text }, at) => at > 0 && kind === 'word' && text !== 'mut')
    : tokens.findLast(({ kind }) => kind === 'word');
  return name === first ? undefined : named.find(({ start }) => start === name?.start);
}

function isOfDeclaration({ kind, text }: Token): boolean {
  return kind === 'word' || (kind === 'mark' && '<>?[],.*&:|;'.includes(text));
}

/** Index of the mark of an assignment outside of brackets, or -1. */
function operatorAt(tokens: readonly Token[], begin = 0): number {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    depth += depthOf(token);
    if (index >= begin && depth <= 0 && token.kind === 'mark' && isAssignment(token.text))
      return index;
  }
  return -1;
}

function isAssignment(mark: string): boolean {
  return mark === '<-' || (mark.endsWith('=') && !COMPARED.has(mark));
}

/** Names behind a `&` that takes an address to write to. */
function addressed(
  tokens: readonly Token[],
  named: readonly AccessPath[],
  language: LanguageId | undefined,
): AccessPath[] {
  const places = new Set<number>();
  for (const [index, { kind, text }] of tokens.entries()) {
    const before = tokens[index - 1];
    const isPrefix = before?.kind === 'mark' && '(,='.includes(before.text);
    if (kind !== 'mark' || text !== '&' || !isPrefix) continue;
    const isMutable = tokens[index + 1]?.text === 'mut';
    // There it is read, unless it says so.
    if (language === 'rust' && !isMutable) continue;
    places.add(tokens[index + (isMutable ? 2 : 1)]?.start ?? -1);
  }
  return named.filter(({ start }) => places.has(start));
}
