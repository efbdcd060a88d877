/** Where a text defines a function, and where that says what it gives. */
import type { ByteRange } from '../re2/instance.ts';
import { closingOf } from './operands.ts';
import type { ReadPart } from './read.ts';
import { depthOf, type Token } from './tokens.ts';

export interface Definition {
  /** The statement that it begins with. */
  readonly head: ByteRange;
  /** What it gives, where that is all of it; else a block follows. */
  readonly expression?: ByteRange;
}

/** Words before a function without a name. */
const MODIFIERS: ReadonlySet<string> = new Set(['async', 'static', 'move']);

/** Of a function whose name is the token at `at` of a statement; undefined where that is anything else. */
export function definitionAt(
  { range, tokens, shape }: ReadPart,
  at: number,
): Definition | undefined {
  if (tokens.slice(0, at).reduce((depth, token) => depth + depthOf(token), 0) !== 0)
    return undefined;
  const next = tokens[at + 1];
  if (isMark(next, '=')) return ofValue(range, tokens, at + 2);
  if (!isMark(next, '(') || isMark(tokens[at - 1], '.')) return undefined;
  const behind = closingOf(tokens, at + 1) + 1;
  // `fun f(a: Int): String = b`, `string F(int a) => b`
  const mark = tokens.findIndex(
    ({ kind, text }, index) => index >= behind && kind === 'mark' && /^=>?$/.test(text),
  );
  if (shape.parameters === undefined && (mark !== behind || tokens[at - 1]?.kind !== 'word'))
    return undefined;
  return mark < 0 ? { head: range } : withExpression(range, tokens, mark + 1);
}

/** `f = (a) => b`, `f = function (a) {`, `f = lambda a: b`. */
function ofValue(
  range: ByteRange,
  tokens: readonly Token[],
  begin: number,
): Definition | undefined {
  let at = begin;
  while (MODIFIERS.has(tokens[at]?.text ?? '')) at++;
  const first = tokens[at];
  if (first?.kind === 'word' && first.text === 'function') return { head: range };
  if (first?.kind === 'word' && first.text === 'lambda') {
    const colon = tokens.findIndex((token, index) => index > at && isMark(token, ':'));
    return colon < 0 ? undefined : withExpression(range, tokens, colon + 1);
  }
  const behind = isMark(first, '(') ? closingOf(tokens, at) + 1 : at + 1;
  if (first?.kind !== 'word' && !isMark(first, '(')) return undefined;
  // A type may stand between the two.
  const isTyped = isMark(tokens[behind], ':');
  const arrow = isTyped
    ? tokens.findIndex((token, index) => index > behind && isMark(token, '=>'))
    : behind;
  if (!isMark(tokens[arrow], '=>')) return undefined;
  const body = tokens[arrow + 1];
  return body === tokens.at(-1) && isMark(body, '{')
    ? { head: range }
    : withExpression(range, tokens, arrow + 1);
}

function withExpression(
  head: ByteRange,
  tokens: readonly Token[],
  begin: number,
): Definition | undefined {
  const first = tokens[begin];
  const last = tokens.findLast(
    ({ kind, text }) => kind !== 'mark' || (text !== ';' && text !== ','),
  );
  if (first === undefined || last === undefined) return undefined;
  return { head, expression: { start: first.start, end: last.end } };
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}
