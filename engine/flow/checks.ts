/** Whether a statement checks values: decides about them, and does no more with them. */
import type { Token } from './tokens.ts';

/** A statement that begins with one of these. */
const BEGINNINGS =
  /^(?:if|unless|while|until|switch|match|when|case|elif|elsif|else|guard|assert\w*|require\w*|ensure\w*|check\w*|valid\w*|verify\w*)$/;
/** A variable that says whether something is so. */
const ANSWERS = /^(?:is|has|ok|valid|allowed|known|match|found|safe)/i;

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
