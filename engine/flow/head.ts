/** Heads of functions and of callbacks, and their parameters. */
import type { LanguageId } from '../language.ts';
import type { ByteRange } from '../re2/instance.ts';
import { closingOf, indexFrom } from './operands.ts';
import { type AccessPath, wordPath } from './paths.ts';
import { depthOf, type Token } from './tokens.ts';

/** Words that functions begin with; in other languages they are names like any other. */
const HEADS: ReadonlyMap<string, ReadonlySet<LanguageId | undefined>> = new Map([
  ['def', languages('python ruby scala')],
  ['func', languages('go swift')],
  ['function', languages('javascript typescript jsx tsx vue svelte html php shell powershell')],
  ['fn', languages('rust')],
  ['fun', languages('kotlin')],
]);
/** Words before one of them: `export default async function`. */
const MOST_MODIFIERS = 6;
/** No function has such a name. */
export const CONTROLS: ReadonlySet<string> = new Set(
  'if unless while until for foreach switch match when case else elif elsif do try catch guard return loop select lock synchronized using with unsafe defer assert require check'.split(
    ' ',
  ),
);

/** `def f(a):`, `public String f(String a) throws E {`; `assigns`: something outside of brackets. */
export function isHead(
  tokens: readonly Token[],
  assigns: boolean,
  language: LanguageId | undefined,
): boolean {
  const begin = behindAttributes(tokens);
  const first = tokens.slice(begin).find(({ kind }) => kind === 'word')?.text ?? '';
  if (CONTROLS.has(first)) return false;
  const modifiers = tokens.slice(begin, begin + MOST_MODIFIERS);
  if (modifiers.some((token) => isHeadWord(token, language))) return true;
  if (isStep(tokens)) return false;
  // `string F(int a) =>`
  if (language === 'csharp' && tokens.at(-1)?.text === '=>')
    return !assigns && isOfMethod(tokens.slice(begin));
  // `a = when (b) {` and `a = f(b) {` are none.
  if (tokens.at(-1)?.text !== '{' || assigns) return false;
  const throws = tokens.findLastIndex(({ kind, text }) => kind === 'word' && text === 'throws');
  return tokens.at(throws < 0 ? -2 : throws - 1)?.text === ')';
}

/** `string F(int a) =>`, and neither `F(a =>` nor `F((a) =>`: a type and a name, and what closes again. */
function isOfMethod(tokens: readonly Token[]): boolean {
  const open = tokens.findIndex((token) => depthOf(token) > 0);
  return (
    open > 1 && tokens[open - 1]?.kind === 'word' && closingOf(tokens, open) === tokens.length - 2
  );
}

/** With functions that are written `a => b`. */
const WITH_ARROWS: ReadonlySet<LanguageId | undefined> = languages(
  'javascript typescript jsx tsx vue svelte html csharp',
);
const LOOPS: ReadonlySet<string> = new Set(['for', 'foreach']);

/**
 * What of a statement gives names to an expression in it, which begins at `offset`: the head of a loop, of a callback, or
 * of a function that is an expression.
 */
export function headBefore(
  tokens: readonly Token[],
  offset: number,
  language: LanguageId | undefined,
): ByteRange | undefined {
  const first = tokens[0];
  if (first === undefined) return undefined;
  const before = tokens.slice(0, indexFrom(tokens, offset));
  const open = before.slice(0, 3).findIndex(({ text }) => text === '(');
  let last = -1;
  if (LOOPS.has(first.text) && open > 0) last = closingOf(tokens, open);
  else if (WITH_ARROWS.has(language)) last = lastArrow(before);
  else if (before.slice(0, MOST_MODIFIERS).some((token) => isHeadWord(token, language)))
    last = before.findLastIndex(({ text }) => text === '=') - 1;
  const end = before[last]?.end;
  return end === undefined ? undefined : { start: first.start, end };
}

/** Index of the `=>` behind which all tokens up to the last one are of one callback, or -1. */
function lastArrow(tokens: readonly Token[]): number {
  let depth = 0;
  let isOther = false;
  for (let at = tokens.length - 1; at >= 0; at--) {
    const change = depthOf(tokens[at]);
    // Around the last token another bracket is open.
    if (change > 0 && depth === 0) isOther = false;
    depth = Math.max(0, depth - change);
    if (depth > 0 || change !== 0) continue;
    const text = tokens[at]?.text;
    if (text === ',') isOther = true;
    else if (text === '=>' && !isOther) return at;
  }
  return -1;
}

function isHeadWord({ kind, text, hasSigil }: Token, language: LanguageId | undefined): boolean {
  return kind === 'word' && hasSigil !== true && HEADS.get(text)?.has(language) === true;
}

function languages(names: string): ReadonlySet<LanguageId | undefined> {
  return new Set(names.split(' ') as LanguageId[]);
}

const MOST_OF_STEP = 16;

/** `i++) {`, the end of a loop's head. */
function isStep(tokens: readonly Token[]): boolean {
  if (tokens.length > MOST_OF_STEP || tokens.at(-1)?.text !== '{') return false;
  const marks = tokens.filter(({ kind }) => kind === 'mark').map(({ text }) => text);
  return marks.length === 4 && /^(?:\+\+|--)\)\{$/.test(marks.join(''));
}

/** `#[get("/a")]` */
function behindAttributes(tokens: readonly Token[]): number {
  let at = 0;
  while (tokens[at]?.text === '#' && tokens[at + 1]?.text === '[') {
    let depth = 0;
    do {
      at++;
      depth += depthOf(tokens[at]);
    } while (depth > 0 && at < tokens.length);
    at++;
  }
  return at;
}

/** By name the parameter that it stands in. The names are all words: types may be keys or members elsewhere. */
export function parametersOf(tokens: readonly Token[]): Map<AccessPath, ByteRange> {
  const parameters = new Map<AccessPath, ByteRange>();
  let open: AccessPath[] = [];
  let begin = tokens[0]?.start ?? 0;
  let depth = 0;
  let angles = 0;
  for (const token of tokens) {
    const { kind, text, start, end } = token;
    if (kind === 'word') {
      const path = wordPath(token);
      parameters.set(path, { start: begin, end });
      open.push(path);
    }
    if (kind !== 'mark') continue;
    if (text === '<') angles++;
    else if (text === '>') angles = Math.max(0, angles - 1);
    else if (depth === 1 && (text === ')' || (text === ',' && angles === 0))) {
      for (const path of open) parameters.set(path, { start: begin, end: start });
      open = [];
      angles = 0;
      begin = end;
    } else if (text === '(' && depth === 0) {
      open = [];
      begin = end;
    }
    depth += depthOf(token);
  }
  return parameters;
}

/** `(x) => {`, `do |x|`, `|x| {`, `{ x ->`, `{ x in`: a block follows whose parameters get values of this statement. */
export function bindsParameters(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1)?.text;
  const before = tokens.at(-2)?.text;
  if (last === '{') return before === '=>' || before === '|';
  return last === '=>' || last === '->' || last === 'in' || (last === '|' && before !== '|');
}

/** Of `(int a, string b) => {`, by name; empty without types. */
export function lambdaParameters(tokens: readonly Token[]): ReadonlyMap<string, ByteRange> {
  const typed = new Map<string, ByteRange>();
  const arrow = tokens.at(-1)?.text === '=>' ? -1 : -2;
  const close = tokens.length + arrow - 1;
  if (tokens.at(arrow)?.text !== '=>' || tokens[close]?.text !== ')') return typed;
  let open = close;
  for (let depth = -1; open > 0 && depth < 0;) depth += depthOf(tokens[--open]);
  let words: Token[] = [];
  for (const token of tokens.slice(open + 1, close + 1)) {
    if (token.kind === 'word') words.push(token);
    const isEnd = token.kind === 'mark' && (token.text === ',' || token === tokens[close]);
    if (!isEnd) continue;
    const [first] = words;
    if (first !== undefined && words.length > 1)
      for (const { text } of words) typed.set(text, { start: first.start, end: token.start });
    words = [];
  }
  return typed;
}
