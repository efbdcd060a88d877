/** Whether a statement checks values: decides about them, and does no more with them. */
import type { ByteRange } from '../re2/instance.ts';
import { isCall } from './known.ts';
import { CONNECTORS } from './operands.ts';
import { depthOf, type Token } from './tokens.ts';

/** A statement that begins with one of these. */
const BEGINNINGS =
  /^(?:if|unless|while|until|switch|match|when|case|elif|elsif|else|guard|assert\w*|require\w*|ensure\w*|check\w*|valid\w*|verify\w*)$/;
const LOGS =
  /^(?:_?[lL]og(?:ger|ging)?|LOG(?:GER)?|console|slog|print\w*|puts|echo|warn\w*|error_log|Console|Debug|eprintln|flash)$/;
/** `System.out.println(`, `fmt.Println(` */
const PRINTS = /^(?:[pP]rint\w*|Fprint\w*)$/;
/** `log.Fatal(`, `log.Panicf(`. */
const LEAVING = /^(?:Fatal|Panic|fatal|panic|exit|abort)/;
/** What they are asked to do is no end of a handler: `res.status(400).send()`, `header("Location: /")`. */
const ANSWERING = /^(?:res|resp|response|header|http_response_code)$/;
const COMPARING = /^(?:[=!]==?|=~|~=)$/;
const NEGATIONS: ReadonlySet<string> = new Set(['not', 'unless']);
const MEASURES: ReadonlySet<string> = new Set(['len', 'length', 'Length', 'strlen']);
/** Of a text they read as many digits as it begins with, whatever follows. */
const LENIENT: ReadonlySet<string> = new Set(
  'parseInt parseFloat intval floatval to_i to_f atoi atol strtol strtoul'.split(' '),
);
/** Their functions of such a name fail for what is no number. */
const STRICT: ReadonlySet<string> = new Set(['Integer', 'Long', 'Short', 'Double', 'Float']);
/** A variable that says whether something is so. */
const ANSWERS = /^(?:is|has|ok|valid|allowed|known|match|found|safe)/i;

/** Whether it only writes down that something is so, or answers with it, and what follows is done all the same. */
export function isLogging(tokens: readonly Token[]): boolean {
  const [first, second] = tokens;
  if (first?.kind !== 'word') return first?.text === '}' && second === undefined;
  if (first.text === 'pass' || ANSWERING.test(first.text)) return true;
  const chain = calledAt(tokens);
  if (chain.length === 0) return second?.kind !== 'mark' && LOGS.test(first.text);
  const called = chain.at(-1) ?? '';
  if (chain.length === 1) return LOGS.test(called);
  return !LEAVING.test(called) && (chain.some((name) => LOGS.test(name)) || PRINTS.test(called));
}

/** The names up to the bracket of the first call: `a.b.c(`. */
function calledAt(tokens: readonly Token[]): readonly string[] {
  const open = tokens.findIndex(({ kind, text }) => kind === 'mark' && text === '(');
  const chain = tokens.slice(0, Math.max(0, open));
  const isChain = chain.every(({ kind, text }) => kind === 'word' || CONNECTORS.has(text));
  return isChain ? chain.filter(({ kind }) => kind === 'word').map(({ text }) => text) : [];
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
    const clause = {
      start: tokens[begin]?.start ?? start,
      end: tokens[within < 0 ? last : within]?.end ?? end,
    };
    return readsBeginning(tokens, { start, end: end + 1 }, clause) ? [] : clause;
  });
}

/** Whether something is asked of what stands in a clause, more than whether it is there. */
export function isCompared(tokens: readonly Token[], clause: ByteRange): boolean {
  return tokens.some(({ kind, text, start }, at) => {
    if (start < clause.start || start >= clause.end) return false;
    // `include?(a)`
    if (kind === 'mark') return COMPARING.test(text) || (text === '?' && isOpen(tokens[at + 1]));
    return text === 'in' || text === 'matches' || isCall(tokens, at);
  });
}

function isOpen(token: Token | undefined): boolean {
  return token?.kind === 'mark' && token.text === '(';
}

/** Whether only a number is read there, and not compared with the value, `String(parseInt(a)) === a`. */
function readsBeginning(tokens: readonly Token[], place: ByteRange, clause: ByteRange): boolean {
  const at = tokens.findIndex(
    ({ text, start, end }, index) =>
      end > place.start && start < place.end && (LENIENT.has(text) || isCast(tokens, index)),
  );
  if (at < 0 || (tokens[at - 1]?.text === '.' && STRICT.has(tokens[at - 2]?.text ?? '')))
    return false;
  const isOfReceiver = tokens[at]?.text.startsWith('to_') === true;
  const value = tokens[isOfReceiver ? at - 2 : at + 2];
  const same = tokens.filter(
    ({ text, start }) => text === value?.text && start >= clause.start && start < clause.end,
  );
  return value?.kind === 'word' && same.length === 1;
}

/** `(int) a` */
function isCast(tokens: readonly Token[], at: number): boolean {
  return (
    /^(?:int|float)$/.test(tokens[at]?.text ?? '') &&
    tokens[at - 1]?.text === '(' &&
    tokens[at + 1]?.text === ')'
  );
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
