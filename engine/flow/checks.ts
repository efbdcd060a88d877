/** Whether a statement checks values: decides about them, and does no more with them. */
import type { ByteRange } from '../re2/instance.ts';
import { depthOf, type Token } from './tokens.ts';

/** A statement that begins with one of these. */
const BEGINNINGS =
  /^(?:if|unless|while|until|switch|match|when|case|elif|elsif|else|guard|assert\w*|require\w*|ensure\w*|check\w*|valid\w*|verify\w*)$/;
const LOGS =
  /^(?:_?log(?:ger|ging)?|LOG(?:GER)?|console|slog|print\w*|puts|warn\w*|error_log|Console|Debug|eprintln)$/;
/** `log.Fatal(`, `log.Panicf(`. */
const LEAVING = /^(?:Fatal|Panic)/;
const NEGATIONS: ReadonlySet<string> = new Set(['not', 'unless']);
const MEASURES: ReadonlySet<string> = new Set(['len', 'length', 'Length', 'strlen']);
/** A variable that says whether something is so. */
const ANSWERS = /^(?:is|has|ok|valid|allowed|known|match|found|safe)/i;

/** Whether it only writes down that something is so. */
export function isLogging([first, second, third]: readonly Token[]): boolean {
  if (first?.kind !== 'word' || !LOGS.test(first.text)) return false;
  return second?.text === '(' || second?.kind !== 'mark' || !LEAVING.test(third?.text ?? '');
}

/**
 * Of a condition, between `and` and `or`, the clauses that `places` stand in. How long something is says nothing of what it
 * is.
 */
export function checkedClauses(
  tokens: readonly Token[],
  places: readonly ByteRange[],
): readonly ByteRange[] {
  return places.flatMap(({ start, end }) => {
    const at = tokens.findIndex((token) => token.end > start);
    if (at < 0) return [];
    const words = tokens.filter((token) => token.end > start && token.start < end);
    if (words.some(({ text }) => MEASURES.has(text))) return [];
    const [begin, last] = [clauseEnd(tokens, at, -1), clauseEnd(tokens, at, 1)];
    // `a in b` says nothing of `b`.
    const within = tokens.findIndex(
      ({ kind, text }, index) => index > begin && index < last && kind === 'word' && text === 'in',
    );
    return {
      start: tokens[begin]?.start ?? start,
      end: tokens[within < 0 ? last : within]?.end ?? end,
    };
  });
}

/** Index of the last token of a clause in one direction. */
function clauseEnd(tokens: readonly Token[], from: number, step: 1 | -1): number {
  let depth = 0;
  let at = from;
  for (; tokens[at + step] !== undefined; at += step) {
    const next = at + step;
    depth += step * depthOf(tokens[next]);
    if (depth <= 0 && isConnective(tokens, next)) break;
  }
  return at;
}

function isConnective(tokens: readonly Token[], at: number): boolean {
  const { kind, text = '' } = tokens[at] ?? {};
  if (kind === 'word') return text === 'and' || text === 'or';
  if (text !== '&' && text !== '|') return false;
  return tokens[at - 1]?.text === text || tokens[at + 1]?.text === text;
}

/** `if a not in b:`, whose branch is for the values that are not. */
export function isNegative(tokens: readonly Token[]): boolean {
  return tokens.some(({ kind, text }) => (kind === 'word' ? NEGATIONS.has(text) : text === '!'));
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
