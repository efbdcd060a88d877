/** What a statement says about values: which names get one, and which names that is made of. */
import { type AccessPath, accessPaths } from './paths.ts';
import type { ByteRange } from '../re2/instance.ts';
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
  /** Of a function's head, the parameter in which a name stands: who calls it assigns those. */
  readonly parameters?: ReadonlyMap<AccessPath, ByteRange>;
}

const REPLACING: ReadonlySet<string> = new Set(['=', ':=', '<-']);
const COMPARED: ReadonlySet<string> = new Set(['==', '===', '!=', '!==', '<=', '>=', '=>', '=~']);
const LOOPS: ReadonlySet<string> = new Set(['for', 'foreach', 'each', 'catch', 'with', 'using']);

const HEADS: ReadonlySet<string> = new Set(['def', 'func', 'function', 'fn', 'fun', 'sub']);
/** Words before one of them: `export default async function`. */
const MOST_MODIFIERS = 6;
const CONTROLS: ReadonlySet<string> = new Set(
  'if unless while until switch match when case else elif elsif do try guard return loop select lock synchronized unsafe defer assert require check'.split(
    ' ',
  ),
);
/** Functions of C that write to what their arguments point to. */
const WRITERS =
  /^(?:v?s?w?n?printf(?:_s)?|v?asprintf|(?:str|wcs|mem)n?(?:cpy|cat|move|lcpy|lcat)(?:_s)?|strl(?:cpy|cat)|f?gets|getline|f?read|recv(?:from)?|s?scanf)$/;

export function shapeOf(tokens: readonly Token[]): StatementShape {
  if (isHead(tokens)) return headShape(tokens);
  const named = accessPaths(tokens);
  const operator = operatorAt(tokens);
  const first = tokens[0]?.text ?? '';
  // What a loop, a callback or such a call gives values to is told in too many ways to tell it from the rest.
  if (LOOPS.has(first) || bindsParameters(tokens) || (operator < 0 && WRITERS.test(first)))
    return { assigned: named, used: named, named, isWhole: false };
  if (operator < 0) {
    // `list.push(x)` and `decode(&x)` change what they name first or by its address.
    const receiver = named.filter(({ start }) => start === tokens[0]?.start);
    const assigned = [...receiver, ...addressed(tokens, named)];
    return { assigned, used: named, named, isWhole: false };
  }
  const place = tokens[operator]?.start ?? 0;
  return {
    assigned: [
      ...named.filter(({ start }) => start < place),
      ...addressed(tokens.slice(operator), named),
    ],
    used: named.filter(({ start, chooses }) => start > place && !chooses),
    named,
    isWhole: REPLACING.has(tokens[operator]?.text ?? ''),
  };
}

/** `def f(a):`, `public String f(String a) throws E {`. */
function isHead(tokens: readonly Token[]): boolean {
  const begin = behindAttributes(tokens);
  const first = tokens.slice(begin).find(({ kind }) => kind === 'word')?.text ?? '';
  if (CONTROLS.has(first)) return false;
  const modifiers = tokens.slice(begin, begin + MOST_MODIFIERS);
  if (modifiers.some(({ kind, text }) => kind === 'word' && HEADS.has(text))) return true;
  // `a = when (b) {` and `a = f(b) {` are none.
  if (tokens.at(-1)?.text !== '{' || operatorAt(tokens) >= 0) return false;
  const throws = tokens.findLastIndex(({ kind, text }) => kind === 'word' && text === 'throws');
  return tokens.at(throws < 0 ? -2 : throws - 1)?.text === ')';
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

/** The names are all words: types may be keys or members elsewhere. */
function headShape(tokens: readonly Token[]): StatementShape {
  const parameters = new Map<AccessPath, ByteRange>();
  let open: AccessPath[] = [];
  let begin = tokens[0]?.start ?? 0;
  let depth = 0;
  let angles = 0;
  for (const token of tokens) {
    const { kind, text, start, end } = token;
    if (kind === 'word') {
      const path = { parts: [text], start, end, chooses: false };
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
  const named = [...parameters.keys()];
  return { assigned: named, used: [], named, isWhole: false, parameters };
}

/** Index of the mark of an assignment outside of brackets, or -1. */
function operatorAt(tokens: readonly Token[]): number {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    depth += depthOf(token);
    if (depth <= 0 && token.kind === 'mark' && isAssignment(token.text)) return index;
  }
  return -1;
}

function isAssignment(mark: string): boolean {
  return mark === '<-' || (mark.endsWith('=') && !COMPARED.has(mark));
}

/** `(x) => {`, `do |x|`, `|x| {`, `{ x ->`, `{ x in`: a block follows whose parameters get values of this statement. */
function bindsParameters(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1)?.text;
  const before = tokens.at(-2)?.text;
  if (last === '{') return before === '=>' || before === '|';
  return last === '->' || last === 'in' || (last === '|' && before !== '|');
}

/** Names behind a `&` that takes an address. */
function addressed(tokens: readonly Token[], named: readonly AccessPath[]): AccessPath[] {
  const places = new Set<number>();
  for (const [index, { kind, text }] of tokens.entries()) {
    const before = tokens[index - 1];
    const isPrefix = before?.kind === 'mark' && '(,='.includes(before.text);
    if (kind === 'mark' && text === '&' && isPrefix) places.add(tokens[index + 1]?.start ?? -1);
  }
  return named.filter(({ start }) => places.has(start));
}
