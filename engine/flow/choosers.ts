/** What of an expression says which value is taken, and is no part of that: keys, conditions. */
import { conditionsOfArms } from './arms.ts';
import { closingOf } from './operands.ts';
import { depthOf, PUT_IN, type Token } from './tokens.ts';

/** Methods that give what is stored under their argument, or what somebody answers to it. */
const LOOKUPS =
  /^(?:get|getOrDefault|getOrElse|getIfPresent|getValueOrDefault|get_or_404|get_object_or_404|get_or_none|getBy\w+|find(?!all$|iter$)\w*|Find\w*|First\w*|Single\w*|lookup|TryGetValue|fetch\w*|dig|filter_by|has|[qQ]uery\w*|[eE]xec\w*|prepare|bind|scalars?|where)$/;
const WITH_FALLBACK: ReadonlySet<string> = new Set([
  'get',
  'fetch',
  'getOrDefault',
  'GetValueOrDefault',
]);
/** Methods whose result has fields of its own, which are none of their arguments: a record, an answer. */
const MAKERS_OF_RECORDS =
  /^(?:(?:[lL]oad|[cC]reate|[sS]ave|[iI]nsert|[uU]psert|[sS]end|[sS]tore|[pP]lace|[rR]egister|[sS]ubmit|[gG]et|[bB]uild|[eE]xport|[gG]enerate|[lL]ogin)(?:[A-Z_]\w*|Async)?)$/;
/** Their fields are those of the text that they read, or of what they were given. */
const READERS =
  /^(?:json|yaml|YAML|JSON|toml|tomllib|pickle|msgpack|simplejson|orjson|ujson|Oj|Marshal|Object|axios)$/;
const READ = /(?:[jJ]son|[yY]a?ml|[tT]oml|[pP]ickle|[uU]r[li]|URL|URI|[pP]ath|[fF]rom)/;
/** Of what stands in their brackets they give a number, or the name that it has in the source. */
const MEASURING: ReadonlySet<string> = new Set(['len', 'strlen', 'count', 'sizeof', 'nameof']);
const CHOICES: ReadonlySet<string> = new Set(['when', 'switch', 'match']);
/** Behind one of these another expression begins. */
const PARTING: ReadonlySet<string> = new Set([',', ';', '=', ':=', '+=', PUT_IN]);
/** Tokens between `?` and `:`. */
const MOST_OF_CHOICE = 256;
/** `Paths.get(a)` is made of `a`. */
const MAKERS: ReadonlySet<string> = new Set(['Paths', 'Path', 'FileSystems', 'URI', 'URL']);

/** Whether a method of that name gives what is stored under its argument, which is a part of what it is asked of. */
export function looksUp(name: string): boolean {
  return LOOKUPS.test(name);
}

/** Indexes of tokens within brackets of a lookup, `table[name]` or `table.get(name)`, or in the condition of `a ? b : c`; `isMember`: a field of the value is asked for. */
export function choosers(tokens: readonly Token[], isMember = false): ReadonlySet<number> {
  const chosen = new Set<number>();
  /** By open bracket: whether it is of a lookup, and where its part began that is read now. */
  const open: { readonly isLookup: boolean; from: number }[] = [];
  let from = 0;
  let lookups = 0;
  let fallback: { readonly start: number; readonly end: number } | undefined;
  tokens.forEach((token, at) => {
    if (fallback !== undefined && at >= fallback.end) fallback = undefined;
    const isFallback = fallback !== undefined && at >= fallback.start;
    if (lookups > 0 && !isFallback) chosen.add(at);
    const { kind, text } = token;
    if (kind !== 'mark') return;
    const change = depthOf(token);
    if (change > 0) {
      const bracket = { isLookup: isLookup(tokens, at, isMember), from };
      open.push(bracket);
      if (bracket.isLookup) lookups++;
      from = at + 1;
      fallback ??= fallbackOf(tokens, at);
    } else if (change < 0) {
      const bracket = open.pop();
      if (bracket?.isLookup === true) lookups--;
      from = bracket?.from ?? at + 1;
    } else if (text === '?' && isTernary(tokens, at))
      addAll(chosen, Math.max(from, at - MOST_OF_CHOICE), at);
    else if (PARTING.has(text)) from = at + 1;
  });
  addPythonConditions(tokens, chosen);
  addChoice(tokens, chosen);
  return chosen;
}

function isLookup(tokens: readonly Token[], at: number, isMember: boolean): boolean {
  if (isKeyAlone(tokens, at)) return false;
  const before = tokens[at - 1];
  const bracket = tokens[at]?.text;
  if (bracket === '[') return before?.kind === 'word' || depthOf(before) < 0;
  if (bracket !== '(' || before?.kind !== 'word') return false;
  // `when (a) {`: one of the values behind it is taken.
  if (CHOICES.has(before.text) || MEASURING.has(before.text)) return true;
  if (isMember && makesRecord(tokens, at - 1)) return true;
  if (!LOOKUPS.test(before.text)) return false;
  // Of what a request holds the key is known; a variable's text says nothing of its value.
  return !MAKERS.has(tokens[at - 3]?.text ?? '');
}

/** Indexes of the second argument of `table.get(a, a)`: what is not in the table is taken as it is. */
function fallbackOf(
  tokens: readonly Token[],
  open: number,
): { start: number; end: number } | undefined {
  if (!WITH_FALLBACK.has(tokens[open - 1]?.text ?? '')) return undefined;
  const end = closingOf(tokens, open);
  const length = (end - open - 2) / 2;
  const start = open + length + 2;
  if (length > MOST_OF_CHOICE || tokens[start - 1]?.text !== ',') return undefined;
  const isSame = tokens
    .slice(start, end)
    .every(({ text }, at) => text === tokens[open + 1 + at]?.text);
  return isSame && tokens[open + 1]?.kind === 'word' ? { start, end } : undefined;
}

/** `records.load(id)`, and neither `yaml.load(text)` nor `URI.create(text)`. */
function makesRecord(tokens: readonly Token[], at: number): boolean {
  const name = tokens[at]?.text ?? '';
  if (!MAKERS_OF_RECORDS.test(name) || READ.test(name)) return false;
  const owner = tokens[at - 1]?.kind === 'mark' ? (tokens[at - 2]?.text ?? '') : '';
  return !READERS.test(owner) && !MAKERS.has(owner);
}

/** `["name"]`, `[:name]`, `[0]`, `("name")`. */
function isKeyAlone(tokens: readonly Token[], at: number): boolean {
  const isSymbol = tokens[at + 1]?.text === ':' && tokens[at + 2]?.kind === 'word';
  const key = tokens[at + (isSymbol ? 2 : 1)];
  const end = tokens[at + (isSymbol ? 3 : 2)];
  return (
    key !== undefined &&
    (key.kind !== 'word' || isSymbol) &&
    (end?.text === ']' || end?.text === ')')
  );
}

/** `a ? b : c`, and neither `a?.b`, `a ?: b`, `f()?;` nor `a?: string`. */
function isTernary(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (next === undefined || (next.kind === 'mark' && ':);,.=]}'.includes(next.text))) return false;
  let depth = 0;
  for (const token of tokens.slice(at + 1, at + MOST_OF_CHOICE)) {
    if (depth === 0 && token.kind === 'mark' && token.text === ':') return true;
    depth += depthOf(token);
    if (depth < 0) return false;
  }
  return false;
}

/** `= match a {`, `= case a`: without brackets; with its arms, where these stand in the same statement. */
function addChoice(tokens: readonly Token[], chosen: Set<number>): void {
  const at = tokens.findIndex(({ kind, text }) => kind === 'word' && /^(?:match|case)$/.test(text));
  if (at <= 0 || tokens[at - 1]?.text !== '=') return;
  const open = tokens.findIndex(({ text }, index) => index > at && text === '{');
  if (open < 0) {
    addAll(chosen, at + 1, tokens.length);
    return;
  }
  addAll(chosen, at + 1, open);
  const conditions = conditionsOfArms(tokens.slice(open + 1, closingOf(tokens, open)));
  for (const index of conditions ?? []) chosen.add(open + 1 + index);
}

/** `a if b else c`. */
function addPythonConditions(tokens: readonly Token[], chosen: Set<number>): void {
  let from = -1;
  tokens.forEach(({ kind, text }, at) => {
    if (kind !== 'word') return;
    if (text === 'if' && at > 0) {
      if (!beginsValue(tokens[at - 1])) from = at + 1;
      else if (tokens[at + 1]?.text === '(') addAll(chosen, at + 1, closingOf(tokens, at + 1));
      else if (tokens.at(-1)?.text === '{') addAll(chosen, at + 1, tokens.length);
    }
    if (text === 'else' && from >= 0) {
      addAll(chosen, from, at);
      from = -1;
    }
  });
}

/** Whether behind it a value begins: `a = if (b) c else d` is none of Python. */
function beginsValue(before: Token | undefined): boolean {
  if (before?.kind === 'word') return before.text === 'return' || before.text === 'else';
  return before?.kind === 'mark' && !')]}'.includes(before.text) && !/^\d/.test(before.text);
}

function addAll(chosen: Set<number>, from: number, to: number): void {
  for (let at = from; at < to; at++) chosen.add(at);
}
