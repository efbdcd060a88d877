/** Whether a statement checks values: decides about them, and does no more with them. */
import type { Token } from './tokens.ts';

/** A statement that begins with one of these. */
const BEGINNINGS =
  /^(?:if|unless|while|until|switch|match|when|case|elif|elsif|else|guard|assert\w*|require\w*|ensure\w*|check\w*|valid\w*|verify\w*)$/;
const LOGS =
  /^(?:_?log(?:ger|ging)?|LOG(?:GER)?|console|slog|print\w*|puts|warn\w*|error_log|Console|Debug|eprintln)$/;
/** `log.Fatal(`, `log.Panicf(`. */
const LEAVING = /^(?:Fatal|Panic)/;
/** A variable that says whether something is so. */
const ANSWERS = /^(?:is|has|ok|valid|allowed|known|match|found|safe)/i;

/** Whether it only writes down that something is so. */
export function isLogging([first, second, third]: readonly Token[]): boolean {
  if (first?.kind !== 'word' || !LOGS.test(first.text)) return false;
  return second?.text === '(' || second?.kind !== 'mark' || !LEAVING.test(third?.text ?? '');
}

export function isCheck(tokens: readonly Token[]): boolean {
  const words = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text);
  if (BEGINNINGS.test(words[0] ?? '')) return true;
  // `return stop() unless known?(a)`, `known(a) || stop()`.
  if (words.includes('if') || words.includes('unless')) return true;
  const operator = tokens.findIndex(
    ({ kind, text }) => kind === 'mark' && (text === '=' || text === ':='),
  );
  if (operator < 0)
    return tokens.some(({ text }) => text === '||' || text === '&&' || text === 'or');
  const assigned = tokens.slice(0, operator).findLast(({ kind }) => kind === 'word');
  return ANSWERS.test(assigned?.text ?? '');
}
