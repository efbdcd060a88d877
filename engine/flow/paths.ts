/** Names of values in code, with the members that are asked for: `req.body.file`, `params[:id]`, `args.get("q")`. */
import { choosers } from './choosers.ts';
import { combines, isGetter } from './known.ts';
import { depthOf, type Token } from './tokens.ts';

/** A variable and its members. */
export interface AccessPath {
  readonly parts: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Whether a `$` stands before it, which tells it from words. */
  readonly hasSigil: boolean;
  /** Whether a value of it is taken by a key that is no constant. */
  readonly isTable: boolean;
  /** The function of it that is called. */
  readonly asked?: string;
  /** Whether it says only which value is taken, as in `table[name]`. */
  readonly chooses: boolean;
}

/** Of a name alone. */
export function wordPath({ text, start, end }: Token): AccessPath {
  return { parts: [text], start, end, hasSigil: false, isTable: false, chooses: false };
}

const CONNECTORS: ReadonlySet<string> = new Set(['.', '?.', '->', '::']);

/** In order. Names of functions are left out, and so are keys and names of arguments. */
export function accessPaths(tokens: readonly Token[]): AccessPath[] {
  const paths: AccessPath[] = [];
  const chosen = choosers(tokens);
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    depth += depthOf(token);
    if (token?.kind !== 'word' || isMember(tokens, at)) continue;
    if (isKey(tokens, at) && !(depth === 0 && isTarget(tokens, at))) continue;
    if (isMark(tokens[at + 1], '(') || isMacro(tokens, at) || isCalledOn(tokens[at + 1])) continue;
    if (isType(tokens, at)) continue;
    const parts = [token.text];
    const chooses = chosen.has(at);
    at = addMembers(tokens, at, parts);
    const { hasSigil = false, start } = token;
    const asked = askedAt(tokens, at);
    const end = tokens[at]?.end ?? token.end;
    const path = { parts, start, end, hasSigil, isTable: isTableAt(tokens, at + 1), chooses };
    paths.push(asked === undefined ? path : { ...path, asked });
  }
  return paths;
}

/** `[name]`, `[f(x)]`, and neither `[1]` nor `[1:]`. */
function isTableAt(tokens: readonly Token[], at: number): boolean {
  return isMark(tokens[at], '[') && tokens[at + 1]?.kind === 'word';
}

/** Of a path whose last token is at `at`. */
function askedAt(tokens: readonly Token[], at: number): string | undefined {
  const before = tokens[at - 1];
  const isAsked = isMark(tokens[at + 1], '(') && before?.kind === 'mark';
  return isAsked ? tokens[at]?.text : undefined;
}

/** A word behind which a value stands, and no name of an argument. */
const BEFORE_VALUE =
  /^(?:if|in|as|is|case|when|and|or|not|else|elif|while|return|lambda|await|new|typeof|yield|with|for|let|var|val|const|mut|static|final|private|public|readonly)$/;

/** `format!(` */
function isMacro(tokens: readonly Token[], at: number): boolean {
  return isMark(tokens[at + 1], '!') && isMark(tokens[at + 2], '(');
}

/** Keywords that stand between values. */
const INFIX: ReadonlySet<string> = new Set(
  'if unless and or xor in is not as to until do while rescue then else instanceof of from where when for step downTo'.split(
    ' ',
  ),
);

/** `f"…"`, `puts "…"`, `puts a`, `String a`: a prefix, a function without brackets, a keyword or a type. */
function isCalledOn(next: Token | undefined): boolean {
  return next?.kind === 'text' || (next?.kind === 'word' && !INFIX.has(next.text));
}

/** Whether one is the other, or a member of it. */
export function overlap({ parts: a }: AccessPath, { parts: b }: AccessPath): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Index of the last token of the path that begins at `at`. */
function addMembers(tokens: readonly Token[], at: number, parts: string[]): number {
  for (;;) {
    const key = keyAt(tokens, at + 1);
    const member = tokens[at + 2];
    if (key !== undefined) {
      parts.push(key.name);
      at = key.end;
    } else if (connects(tokens, at + 1) && member?.kind === 'word') {
      if (isMark(tokens[at + 3], '(')) {
        // `get("name")` tells which value it is; any other call makes another value of this one.
        const argument = tokens[at + 4];
        const isKey = argument?.kind === 'text' && argument.text !== '' && !combines(member.text);
        if (isKey) parts.push(argument.text);
        else if (isGetter(tokens, at + 2)) parts.push(member.text);
        return at + 2;
      }
      parts.push(member.text);
      at += 2;
    } else return at;
  }
}

/** `["name"]`, `[:name]`. */
function keyAt(tokens: readonly Token[], at: number): { name: string; end: number } | undefined {
  if (!isMark(tokens[at], '[')) return undefined;
  const isSymbol = isMark(tokens[at + 1], ':');
  const key = tokens[at + (isSymbol ? 2 : 1)];
  const end = at + (isSymbol ? 3 : 2);
  if (key === undefined || key.text === '' || !isMark(tokens[end], ']')) return undefined;
  return key.kind === 'text' || isSymbol ? { name: key.text, end } : undefined;
}

function isMember(tokens: readonly Token[], at: number): boolean {
  return connects(tokens, at - 1);
}

/** Whether a member follows on the mark at `at`; behind an arrow, `(x) -> y`, something else does. */
function connects(tokens: readonly Token[], at: number): boolean {
  const mark = tokens[at];
  if (mark?.kind !== 'mark' || !CONNECTORS.has(mark.text)) return false;
  if (mark.text !== '->') return true;
  return tokens[at - 1]?.end === mark.start && mark.end === tokens[at + 1]?.start;
}

/** The last one of `a, b = c`, which is written with blanks, and an argument's name without. */
function isTarget(tokens: readonly Token[], at: number): boolean {
  const [name, next] = tokens.slice(at, at + 2);
  return isMark(next, '=') && next?.start !== name?.end;
}

/** `new A { b = c }`, and neither `new $a` nor what is called. */
function isType(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return (
    before?.kind === 'word' &&
    before.text === 'new' &&
    tokens[at]?.hasSigil !== true &&
    isMark(tokens[at + 1], '{')
  );
}

/** `{ name: value }`, `call(name: value)`, `call(name=value)`. */
function isKey(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  // What is asked about may begin with the name of the argument.
  if (before === undefined) return isMark(tokens[at + 1], ':');
  // `render html: a`
  if (before.kind === 'word') {
    const isAhead = isMark(tokens[at + 1], ':') && tokens[at]?.end === tokens[at + 1]?.start;
    return isAhead && tokens[at + 2] !== undefined && !BEFORE_VALUE.test(before.text);
  }
  if (before.kind !== 'mark' || !'{(,'.includes(before.text)) return false;
  if (isMark(tokens[at + 1], ':')) return true;
  return isMark(tokens[at + 1], '=') && (before.text !== '{' || isInitializer(tokens, at - 1));
}

/** `new A(b) { Name = c }`, and neither `const { a = b }` nor `({ a = b })`. */
function isInitializer(tokens: readonly Token[], open: number): boolean {
  const before = tokens[open - 1];
  return isMark(before, ')') || (before?.kind === 'word' && tokens[open - 2]?.text === 'new');
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}
