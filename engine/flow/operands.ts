/** The operand of an expression that something stands in: `escape(a)`, or `a.trim().escape()` for what stands at its end. */
import type { ByteRange } from '../re2/instance.ts';
import { depthOf, type Token } from './tokens.ts';

/** Between a value and what is asked of it. */
export const CONNECTORS: ReadonlySet<string> = new Set(['.', '?.', '->', '::', '!']);

/** Indexes of the tokens of the operands that `places` are in. */
export function operandsAt(tokens: readonly Token[], places: readonly ByteRange[]): Set<number> {
  const indexes = new Set<number>();
  for (const place of places) {
    const first = firstIn(tokens, place);
    const last = indexFrom(tokens, place.end) - 1;
    if (first < 0 || last < first) continue;
    const end = endOf(tokens, first, last);
    for (let at = beginOf(tokens, first); at <= end; at++) indexes.add(at);
  }
  return indexes;
}

/** Of a string that more is put into, the string itself only for what begins with it. */
function firstIn(tokens: readonly Token[], place: ByteRange): number {
  for (let at = Math.max(0, indexFrom(tokens, place.start - 1) - 1); at < tokens.length; at++) {
    const { kind, start, end } = tokens[at] as Token;
    if (end <= place.start) continue;
    const isHolder = kind === 'text' && (tokens[at + 1]?.start ?? end) < end;
    if (!isHolder || place.start <= start + 1) return at;
  }
  return -1;
}

/** Index of the first token that begins at `offset` or behind it. */
export function indexFrom(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.start ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where an argument ends that goes on to `from` at least and to `last` at most; it begins with the token at `first`. */
export function argumentEnd(
  tokens: readonly Token[],
  first: number,
  from: number,
  last: number,
): number {
  let depth = 0;
  for (let at = first; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const change = depthOf(token);
    const isEnd = depth + change < 0 || (depth === 0 && (token.text === ',' || token.text === ';'));
    if (token.kind === 'mark' && isEnd && token.start >= from) return token.start;
    depth = Math.max(0, depth + change);
  }
  return last;
}

/** Nobody puts texts together in calls that are deeper in each other. */
const MOST_FORMATTERS = 16;
/** Functions that put together what stands in their brackets, or what they are asked of. */
const FORMATTERS =
  /^(?:format|s?n?printf|Sprintf|Fprintf|AppendFormat|Format|join|Join|concat|formatted|raw|text|literal|QString|Text|Markup)$/;

/**
 * The argument that holds the byte at `at` of a statement, whose tokens these are; of what is put together there
 * all of it, so not the format alone. Outside of brackets it is what is assigned or returned. `isWhole`: no argument ends there.
 */
export function argumentAround(
  tokens: readonly Token[],
  at: number,
  isWhole: boolean,
): ByteRange | undefined {
  let index = tokens.findLastIndex(({ start }) => start <= at);
  const { text, kind } = tokens[index] ?? {};
  // What ends there, or what stands in the brackets of a call.
  if (
    kind === 'mark' &&
    (text === ',' || depthOf(tokens[index]) < 0) &&
    depthOf(tokens[index - 1]) <= 0 &&
    !isWhole
  )
    index--;
  else if (depthOf(tokens[index]) > 0 && tokens[index - 1]?.kind === 'word') index++;
  const last = tokens.at(-1);
  if (last === undefined) return undefined;
  for (let calls = 0; ; calls++) {
    let depth = Math.max(0, -depthOf(tokens[index]));
    let begin = index;
    for (; begin > 0; begin--) {
      const before = tokens[begin - 1];
      if (before?.kind !== 'mark') {
        if (depth === 0 && before?.text === 'return' && before.kind === 'word') break;
        continue;
      }
      depth -= depthOf(before);
      if (depth < 0 || (depth === 0 && BEFORE_ARGUMENT.has(before.text))) break;
    }
    const opening = depth < 0 ? begin - 1 : openBefore(tokens, begin);
    // `format!(`
    const callee = opening - (tokens[opening - 1]?.text === '!' ? 2 : 1);
    const called = tokens[callee];
    const isFormatter = called?.kind === 'word' && FORMATTERS.test(called.text);
    if (opening > 0 && isFormatter && calls < MOST_FORMATTERS) {
      index = callee;
      continue;
    }
    const start = tokens[begin]?.start ?? last.start;
    const end = argumentEnd(tokens, begin, tokens[index]?.end ?? start, last.end);
    return end > start ? { start, end } : undefined;
  }
}

const BEFORE_ARGUMENT: ReadonlySet<string> = new Set([',', '=', ':=', '+=', ';']);

/** Index of the bracket that is open before `begin`, or -1. */
function openBefore(tokens: readonly Token[], begin: number): number {
  let depth = 0;
  for (let at = begin - 1; at >= 0; at--) {
    depth -= depthOf(tokens[at]);
    if (depth < 0) return at;
  }
  return -1;
}

/** What stands in the brackets around the byte at `at`, with all arguments; then what in those around these. */
export function argumentsAround(tokens: readonly Token[], at: number): readonly ByteRange[] {
  const index = tokens.findLastIndex(({ start }) => start <= at);
  const ranges: ByteRange[] = [];
  let open = openBefore(tokens, depthOf(tokens[index]) > 0 ? index + 1 : index);
  while (open >= 0 && ranges.length < MOST_AROUND) {
    const [first, close] = [tokens[open + 1], tokens[closingOf(tokens, open)]];
    if (first !== undefined && close !== undefined)
      ranges.push({ start: first.start, end: close.start });
    open = openBefore(tokens, open);
  }
  return ranges;
}

const MOST_AROUND = 3;

/** What is left of `range`, whose tokens these are, without some of them. */
export function without(
  range: ByteRange,
  tokens: readonly Token[],
  isLeftOut: (index: number) => boolean,
): readonly ByteRange[] {
  const parts: ByteRange[] = [];
  let start: number | undefined = range.start;
  tokens.forEach((token, at) => {
    if (!isLeftOut(at)) start ??= token.start;
    else if (start !== undefined) {
      parts.push({ start, end: Math.max(start, token.start) });
      start = undefined;
    }
  });
  if (start !== undefined) parts.push({ start, end: range.end });
  return parts;
}

/** With the brackets that are open at `last`, those of a call that follows, and what is asked of its result. */
function endOf(tokens: readonly Token[], first: number, last: number): number {
  let depth = 0;
  for (const token of tokens.slice(first, last + 1)) depth += depthOf(token);
  let at = last;
  while (depth > 0 && at + 1 < tokens.length) depth += depthOf(tokens[++at]);
  // `(int) a`: a cast is of what stands behind it.
  if (depth < 0 && tokens[at + 1]?.kind === 'word') at += 1;
  for (;;) {
    const next = tokens[at + 1];
    if (next?.kind !== 'mark') return at;
    if (next.text === '(' || next.text === '[') at = closingOf(tokens, at + 1);
    else if (CONNECTORS.has(next.text) && tokens[at + 2]?.kind === 'word') at += 2;
    else return at;
  }
}

/** Index of the bracket that closes the one at `open`, or of the last token. */
export function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    depth += depthOf(tokens[at]);
    if (depth === 0) return at;
  }
  return tokens.length - 1;
}

/** Where the chain of members and calls begins that goes on at `first`. */
function beginOf(tokens: readonly Token[], first: number): number {
  let at = first;
  for (;;) {
    const before = tokens[at - 1];
    if (before === undefined) return at;
    const isConnected =
      isConnector(tokens[at]) || tokens[at]?.text === '(' || tokens[at]?.text === '[';
    if (isConnector(before)) at -= 1;
    else if (isConnected && before.kind === 'word') at -= 1;
    else if (isConnected && depthOf(before) < 0) at = openingOf(tokens, at - 1);
    else return at;
  }
}

/** Index of the bracket that the one at `close` closes, or of the first token. */
export function openingOf(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    depth += depthOf(tokens[at]);
    if (depth === 0) return at;
  }
  return 0;
}

function isConnector(token: Token | undefined): boolean {
  return token?.kind === 'mark' && CONNECTORS.has(token.text);
}
