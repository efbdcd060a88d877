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

/** A set of which every match contains one, and what a match may hold on either side of it. */
export interface Requirement {
  readonly literals: readonly Literal[];
  readonly before: Node;
  readonly after: Node;
  /** Code points by which a literal may stand away from where `before` ends and `after` begins. */
  readonly slack: number;
}

/** The most selective set that the tree yields, or undefined when no literal is required. */
export function requiredLiterals(node: Node): Requirement | undefined {
  const { exact, required } = analyse(node);
  const best = better(alone(exact), required);
  if (best === undefined || best.literals.some((literal) => literal.bytes.length < MIN_LENGTH))
    return undefined;
  const literals = minimal(best.literals);
  // A literal that was dropped for a shorter one inside it is found by that one, which begins later.
  const longest = Math.max(...best.literals.map((literal) => literal.bytes.length));
  return { ...best, literals, slack: literals.length < best.literals.length ? longest : 0 };
}

interface Candidate {
  readonly literals: readonly Literal[];
  readonly before: Node;
  readonly after: Node;
}

interface Analysis {
  /** Every text that the node can match, when they are few. */
  readonly exact: readonly Literal[] | undefined;
  readonly required: Candidate | undefined;
}

const EMPTY: Literal = { bytes: '', foldCase: false };
const NO_NODE: Node = { kind: 'empty' };
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

function alone(literals: readonly Literal[] | undefined): Candidate | undefined {
  return literals === undefined ? undefined : { literals, before: NO_NODE, after: NO_NODE };
}

function analyseConcat(parts: readonly Node[]): Analysis {
  const around = (from: number, to: number): Pick<Candidate, 'before' | 'after'> => ({
    before: { kind: 'concat', parts: parts.slice(0, from) },
    after: { kind: 'concat', parts: parts.slice(to) },
  });
  let best: Candidate | undefined;
  let current: readonly Literal[] = [EMPTY];
  let from = 0;
  for (const [at, part] of parts.entries()) {
    const { exact, required } = analyse(part);
    if (required !== undefined) {
      const outer = around(at, at + 1);
      best = better(best, {
        literals: required.literals,
        before: { kind: 'concat', parts: [outer.before, required.before] },
        after: { kind: 'concat', parts: [required.after, outer.after] },
      });
    }
    const product = exact === undefined ? undefined : cross(current, exact);
    if (product !== undefined) {
      current = product;
      continue;
    }
    best = better(best, { literals: current, ...around(from, at) });
    from = exact === undefined ? at + 1 : at;
    current = exact ?? [EMPTY];
  }
  if (from === 0) return { exact: current, required: best };
  return {
    exact: undefined,
    required: better(best, { literals: current, ...around(from, parts.length) }),
  };
}

function analyseAlternate(branches: readonly Node[]): Analysis {
  const all = branches.map(analyse);
  const exact = union(all.map((branch) => branch.exact));
  const candidates = all.map((branch) => better(alone(branch.exact), branch.required));
  const literals = union(candidates.map((candidate) => candidate?.literals));
  if (!usable(literals)) return { exact, required: undefined };
  const side = (of: 'before' | 'after'): Node => ({
    kind: 'alternate',
    branches: candidates.map((candidate) => candidate?.[of] ?? NO_NODE),
  });
  return { exact, required: { literals, before: side('before'), after: side('after') } };
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
  const best = better(better(required, alone(exact)), alone(product));
  // The literal may stand in any round of the repeat.
  return {
    exact: fixed,
    required:
      best === undefined ? undefined : { literals: best.literals, before: node, after: node },
  };
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

function better(a: Candidate | undefined, b: Candidate | undefined): Candidate | undefined {
  if (!usable(a?.literals)) return usable(b?.literals) ? b : undefined;
  if (!usable(b?.literals)) return a;
  return selectivity(b.literals) > selectivity(a.literals) ? b : a;
}

/** Bits of the likeliest literal, less the bits that several of them cost: higher is rarer. */
function selectivity(set: readonly Literal[]): number {
  const fewest = Math.min(...set.map(bitsOf));
  return fewest - Math.log2(set.length);
}

/** Rough information content of a literal in source code: common letters and spaces tell little. */
function bitsOf(literal: Literal): number {
  if (EVERYDAY_WORDS.has(literal.bytes.trim())) return 9;
  let bits = literal.foldCase ? -0.5 : 0;
  for (let i = 0; i < literal.bytes.length; i++) bits += bitsOfByte(literal.bytes.charCodeAt(i));
  return bits;
}

function bitsOfByte(byte: number): number {
  if (byte === 0x20) return 2.5;
  if (byte >= 0x61 && byte <= 0x7a) return COMMON_LETTERS.includes(byte) ? 3.5 : 4.5;
  return byte >= 0x41 && byte <= 0x5a ? 6 : 5.5;
}

/** Words that stand in most source files, whatever they are about. */
const EVERYDAY_WORDS: ReadonlySet<string> = new Set(
  (
    'import from return function require const class public private static string value self this new ' +
    'document window name type data true false null none with def async await export default object'
  ).split(' '),
);

/** e t a o i n s r */
const COMMON_LETTERS: readonly number[] = [0x65, 0x74, 0x61, 0x6f, 0x69, 0x6e, 0x73, 0x72];

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
