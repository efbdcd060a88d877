/**
 * Patterns that have a name, for what stands in many rules or many times in one. Another pattern takes one in as
 * `(?&name)`, which is Perl's notation for it and nothing that RE2 knows.
 */
import type { PatternError } from '../../engine/regex/ast.ts';
import { NAMED_PATTERNS_FILE } from './files.ts';
import { nearest, quote } from './problem.ts';

export const NAME: RegExp = /^[a-z][a-z0-9_]*$/;
/** In UTF-16 units. A pattern that takes in others is no longer than this, whoever wrote it. */
const MAX_LENGTH = 32_768;

/** What is wrong where it is defined. */
export const BROKEN: unique symbol = Symbol('broken');
type Named = string | typeof BROKEN;

/** Names with the patterns that they stand for; `outer` is asked for what is not here. */
export class NamedPatterns {
  readonly #own: ReadonlyMap<string, Named>;
  readonly #outer: (() => NamedPatterns) | undefined;
  readonly #used = new Set<string>();

  constructor(own: ReadonlyMap<string, Named>, outer?: () => NamedPatterns) {
    this.#own = own;
    this.#outer = outer;
  }

  take(name: string): Named | undefined {
    const own = this.#own.get(name);
    if (own === undefined) return this.#outer?.().take(name);
    this.#used.add(name);
    return own;
  }

  names(): string[] {
    return [...this.#own.keys(), ...(this.#outer?.().names() ?? [])];
  }

  /** Those that no pattern has taken in so far. */
  unused(): string[] {
    return [...this.#own.keys()].filter((name) => !this.#used.has(name));
  }
}

export const NO_NAMES: NamedPatterns = new NamedPatterns(new Map());

export type Expansion =
  | {
      readonly ok: true;
      /** RE2 syntax. */
      readonly pattern: string;
      /** Offset in what was written for one in `pattern`. */
      readonly writtenAt: (offset: number) => number;
    }
  | { readonly ok: false; readonly error: PatternError };

/** Quoted text, an escape, a class, a name that is taken in, or an end of a group. */
const PIECE =
  /\\Q[^]*?(?:\\E|$)|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]|\(\?&(?<name>[^()]*)\)|[()]/g;

interface Taken {
  /** In what was written. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function takesNames(written: string): boolean {
  return written.includes('(?&') && namesIn(written).length > 0;
}

/** Puts in what names stand for, each as a group of its own, so that its flags and choices end with it. */
export function expandPattern(written: string, named: NamedPatterns): Expansion {
  if (!written.includes('(?&')) return { ok: true, pattern: written, writtenAt: (at) => at };
  const taken: Taken[] = [];
  let length = written.length;
  const found = namesIn(written).map((each) => ({ ...each, pattern: named.take(each.name) }));
  for (const { name, start, end, pattern } of found) {
    if (typeof pattern !== 'string') {
      const message =
        pattern === BROKEN
          ? `the pattern ${quote(name)} is wrong where it is defined`
          : unknown(name, named);
      return { ok: false, error: { offset: start, length: end - start, message } };
    }
    const isWhole = end - start === written.length;
    const text = isWhole || isGroup(pattern) ? pattern : `(?:${pattern})`;
    length += text.length - (end - start);
    if (length > MAX_LENGTH) {
      const message = `a pattern has at most ${MAX_LENGTH} characters with what it takes in; here they are more`;
      return { ok: false, error: { offset: start, length: end - start, message } };
    }
    taken.push({ start, end, text });
  }
  const pattern = joined(written, taken);
  return { ok: true, pattern, writtenAt: (offset) => writtenAt(taken, offset) };
}

/** Whether a pattern is one group that captures nothing, and needs no other around it. */
function isGroup(pattern: string): boolean {
  if (!/^\(\?[a-zA-Z-]*:/.test(pattern)) return false;
  let depth = 0;
  for (const { 0: piece, index } of pattern.matchAll(PIECE)) {
    if (piece === '(') depth++;
    if (piece === ')' && --depth === 0) return index === pattern.length - 1;
  }
  return false;
}

function unknown(name: string, named: NamedPatterns): string {
  const meant = nearest(name, named.names());
  const advice = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return `no pattern is called ${quote(name)} under "define" or in ${NAMED_PATTERNS_FILE}${advice}`;
}

function namesIn(written: string): { name: string; start: number; end: number }[] {
  return [...written.matchAll(PIECE)].flatMap(({ index: start, 0: text, groups }) => {
    const name = groups?.['name'];
    return name === undefined ? [] : [{ name, start, end: start + text.length }];
  });
}

function joined(written: string, taken: readonly Taken[]): string {
  let pattern = '';
  let at = 0;
  for (const { start, end, text } of taken) {
    pattern += written.slice(at, start) + text;
    at = end;
  }
  return pattern + written.slice(at);
}

/** What lies in a pattern that was taken in stands where its name does. */
function writtenAt(taken: readonly Taken[], offset: number): number {
  let grown = 0;
  for (const { start, end, text } of taken) {
    if (offset < start + grown) break;
    if (offset < start + grown + text.length) return start;
    grown += text.length - (end - start);
  }
  return offset - grown;
}
