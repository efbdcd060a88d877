/**
 * Literals that every match of a pattern must contain.
 *
 * Contract: a match contains at least one literal of the returned set. A literal may occur without a
 * match; that only costs time. Sets are extracted from the syntax tree, never written by hand.
 */
import { encodeUtf8 } from '../text/utf8.ts';
import type { Node, Ranges } from './ast.ts';
import { KELVIN, LONG_S } from './fold.ts';
import { size } from './ranges.ts';

export interface Literal {
  /** Bytes as a string of code units below 256; ASCII letters in lower case when `foldCase`. */
  readonly bytes: string;
  /** Whether ASCII letters match in either case (and `s`, `k` also as U+017F, U+212A). */
  readonly foldCase: boolean;
}

/** More alternatives than this, or longer ones, are cut down: memory and build time stay bounded. */
const MAX_LITERALS = 256;
const MAX_PRODUCT = 64;
const MAX_LENGTH = 24;
const MAX_CLASS_MEMBERS = 4;
const MIN_LENGTH = 2;

/** The most selective set that the tree yields, or undefined when no literal is required. */
export function requiredLiterals(node: Node): readonly Literal[] | undefined {
  const { exact, required } = analyse(node);
  const best = better(exact, required);
  if (best === undefined || best.some((literal) => literal.bytes.length < MIN_LENGTH))
    return undefined;
  return minimal(best);
}

interface Analysis {
  /** Every text that the node can match, when they are few. */
  readonly exact: readonly Literal[] | undefined;
  /** A set of which each match contains one. */
  readonly required: readonly Literal[] | undefined;
}

const EMPTY: Literal = { bytes: '', foldCase: false };
const NOTHING_KNOWN: Analysis = { exact: undefined, required: undefined };

function analyse(node: Node): Analysis {
  switch (node.kind) {
    case 'empty':
    case 'assert':
    case 'look':
      return { exact: [EMPTY], required: undefined };
    case 'any-byte':
      return NOTHING_KNOWN;
    case 'class':
      return node.approximate
        ? NOTHING_KNOWN
        : { exact: members(node.ranges), required: undefined };
    case 'capture':
      return analyse(node.node);
    case 'concat':
      return analyseConcat(node.parts);
    case 'alternate':
      return analyseAlternate(node.branches);
    case 'repeat':
      return analyseRepeat(node);
  }
}

function analyseConcat(parts: readonly Node[]): Analysis {
  let best: readonly Literal[] | undefined;
  let current: readonly Literal[] = [EMPTY];
  let whole = true;
  for (const part of parts) {
    const { exact, required } = analyse(part);
    best = better(best, required);
    const product = exact === undefined ? undefined : cross(current, exact);
    if (product !== undefined) {
      current = product;
      continue;
    }
    whole = false;
    best = better(best, current);
    current = exact ?? [EMPTY];
  }
  return whole
    ? { exact: current, required: best }
    : { exact: undefined, required: better(best, current) };
}

function analyseAlternate(branches: readonly Node[]): Analysis {
  const all = branches.map(analyse);
  const exact = union(all.map((branch) => branch.exact));
  const required = union(all.map((branch) => better(branch.exact, branch.required)));
  return { exact, required: usable(required) ? required : undefined };
}

function analyseRepeat(node: Extract<Node, { kind: 'repeat' }>): Analysis {
  if (node.max === 0) return { exact: [EMPTY], required: undefined };
  const { exact, required } = analyse(node.node);
  if (node.min === 0) {
    const optional = node.max === 1 ? union([[EMPTY], exact]) : undefined;
    return { exact: optional, required: undefined };
  }
  let product: readonly Literal[] | undefined = exact;
  for (let i = 1; i < node.min && product !== undefined && exact !== undefined; i++) {
    product = cross(product, exact);
  }
  const fixed = node.min === node.max ? product : undefined;
  return { exact: fixed, required: better(better(required, exact), product) };
}

/** Single-character literals of a small class; undefined for a large or empty one. */
function members(ranges: Ranges): readonly Literal[] | undefined {
  if (ranges.length === 0 || size(ranges) > MAX_CLASS_MEMBERS * 3) return undefined;
  const present = new Set<number>();
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    for (let code = ranges[i] ?? 0; code <= (ranges[i + 1] ?? 0); code++) present.add(code);
  }
  const literals: Literal[] = [];
  for (const code of present) {
    const lower =
      code >= 0x41 && code <= 0x5a
        ? code + 0x20
        : code === LONG_S
          ? 0x73
          : code === KELVIN
            ? 0x6b
            : code;
    const bothCases =
      lower >= 0x61 && lower <= 0x7a && present.has(lower) && present.has(lower - 0x20);
    if (bothCases && code !== lower) continue;
    // The replacement character also stands for bytes that were invalid, so it is no literal of the raw
    // text; the two folding characters are read as `s` and `k` wherever they stand.
    if (!bothCases && (code === LONG_S || code === KELVIN)) return undefined;
    if (code === 0xfffd || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    const bytes = String.fromCharCode(
      ...encodeUtf8(String.fromCodePoint(bothCases ? lower : code)),
    );
    literals.push({ bytes, foldCase: bothCases });
  }
  return literals.length > MAX_CLASS_MEMBERS ? undefined : literals;
}

function cross(
  left: readonly Literal[],
  right: readonly Literal[],
): readonly Literal[] | undefined {
  if (left.length * right.length > MAX_PRODUCT) return undefined;
  const result: Literal[] = [];
  for (const a of left) {
    for (const b of right) {
      if (a.bytes.length + b.bytes.length > MAX_LENGTH) return undefined;
      result.push(join(a, b));
    }
  }
  return result;
}

function join(a: Literal, b: Literal): Literal {
  const foldCase = a.foldCase || b.foldCase;
  const bytes = a.bytes + b.bytes;
  return { bytes: foldCase ? asciiLower(bytes) : bytes, foldCase };
}

function union(sets: readonly (readonly Literal[] | undefined)[]): readonly Literal[] | undefined {
  const result = new Map<string, Literal>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const literal of set)
      result.set(`${literal.foldCase ? 'i' : 'c'}${literal.bytes}`, literal);
  }
  return result.size > MAX_LITERALS ? undefined : [...result.values()];
}

function usable(set: readonly Literal[] | undefined): set is readonly Literal[] {
  return set !== undefined && set.length > 0 && set.every((literal) => literal.bytes.length > 0);
}

function better(
  a: readonly Literal[] | undefined,
  b: readonly Literal[] | undefined,
): readonly Literal[] | undefined {
  if (!usable(a)) return usable(b) ? b : undefined;
  if (!usable(b)) return a;
  return selectivity(b) > selectivity(a) ? b : a;
}

/** Bits of the likeliest literal, less the bits that several of them cost: higher is rarer. */
function selectivity(set: readonly Literal[]): number {
  const fewest = Math.min(...set.map(bitsOf));
  return fewest - Math.log2(set.length);
}

/** Rough information content of a literal in source code: common letters and spaces tell little. */
function bitsOf(literal: Literal): number {
  let bits = 0;
  for (const character of literal.bytes) {
    if (character === ' ') bits += 2.5;
    else if ('etaoinsr'.includes(character)) bits += 3.5;
    else if (/[a-z]/.test(character)) bits += 4.5;
    else if (/[A-Z]/.test(character)) bits += 6;
    else bits += 5.5;
  }
  return literal.foldCase ? bits - 0.5 : bits;
}

/** Drops literals that contain another one: the shorter one finds both. */
function minimal(set: readonly Literal[]): readonly Literal[] {
  const covers = (short: Literal, long: Literal): boolean =>
    short !== long &&
    short.bytes.length <= long.bytes.length &&
    (short.foldCase
      ? asciiLower(long.bytes).includes(short.bytes)
      : !long.foldCase && long.bytes.includes(short.bytes));
  return set.filter(
    (literal, index) =>
      !set.some(
        (other, otherIndex) =>
          covers(other, literal) && !(covers(literal, other) && otherIndex > index),
      ),
  );
}

/** Lower-cases ASCII letters and nothing else. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x20));
}
