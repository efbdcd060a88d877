/** Names of values in code, with the members that are asked for: `req.body.file`, `params[:id]`, `args.get("q")`. */
import { choosers } from './choosers.ts';
import type { Token } from './tokens.ts';

/** A variable and its members. */
export interface AccessPath {
  readonly parts: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Whether it says only which value is taken, as in `table[name]`. */
  readonly chooses: boolean;
}

const CONNECTORS: ReadonlySet<string> = new Set(['.', '?.', '->', '::']);

/** Of a bean: what it gives is a field of it. */
const GETTER = /^get\w*(?:Url|URL|Uri|Link|Target|Location)$/;

/** In order. Names of functions are left out, and so are keys and names of arguments. */
export function accessPaths(tokens: readonly Token[]): AccessPath[] {
  const paths: AccessPath[] = [];
  const chosen = choosers(tokens);
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'word' || isMember(tokens, at) || isKey(tokens, at)) continue;
    if (isMark(tokens[at + 1], '(')) continue;
    const parts = [token.text];
    const chooses = chosen.has(at);
    at = addMembers(tokens, at, parts);
    paths.push({ parts, start: token.start, end: tokens[at]?.end ?? token.end, chooses });
  }
  return paths;
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
    const connector = tokens[at + 1];
    const member = tokens[at + 2];
    if (key !== undefined) {
      parts.push(key.name);
      at = key.end;
    } else if (connector?.kind === 'mark' && CONNECTORS.has(connector.text) && isAdjacent(member)) {
      if (isMark(tokens[at + 3], '(')) {
        // `get("name")` tells which value it is; any other call makes another value of this one.
        const argument = tokens[at + 4];
        if (argument?.kind === 'text' && argument.text !== '') parts.push(argument.text);
        else if (GETTER.test(member.text) && isMark(argument, ')')) parts.push(member.text);
        return at + 2;
      }
      parts.push(member.text);
      at += 2;
    } else return at;
  }
}

function isAdjacent(token: Token | undefined): token is Token {
  return token?.kind === 'word';
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
  const before = tokens[at - 1];
  if (before?.kind !== 'mark' || !CONNECTORS.has(before.text)) return false;
  // `(x) -> y`: what stands behind an arrow is no member, nor what a range ends with.
  return before.text !== '->' || tokens[at - 2]?.kind === 'word';
}

/** `{ name: value }`, `call(name: value)`, `call(name=value)`. */
function isKey(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  // What is asked about may begin with the name of the argument.
  if (before === undefined) return isMark(tokens[at + 1], ':');
  if (before.kind !== 'mark' || !'{(,'.includes(before.text)) return false;
  return isMark(tokens[at + 1], ':') || (before.text !== '{' && isMark(tokens[at + 1], '='));
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}
